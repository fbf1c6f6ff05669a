-- Why: a report says of every move what class it is of, which motifs it missed and allowed, what it changed in the
-- position, how long it took, and why, in words.
--
-- save_phase_v3 takes whatever columns the table has from the rows by name: the next nullable column needs no other
-- function, and code that does not know it yet leaves it null. save_phase_v2 stays for functions that run while this is
-- deployed. The checks hold for new rows at once; the next migration looks at the old ones without locking them out.

alter table public.analysis_moves
    add column class text,
    add column second_white_cp integer,
    add column second_white_mate integer,
    add column missed jsonb,
    add column allowed jsonb,
    add column explanation text,
    add column positional jsonb,
    add column spent_s double precision,
    add constraint known_class check (class in (
        'book', 'forced', 'best', 'excellent', 'good', 'inaccuracy', 'mistake', 'blunder', 'miss', 'great', 'brilliant'
    )) not valid,
    add constraint second_centipawns_or_mate check (second_white_cp is null or second_white_mate is null) not valid,
    add constraint motifs_are_lists check (
        jsonb_typeof(missed) = 'array' and jsonb_typeof(allowed) = 'array'
    ) not valid,
    add constraint positional_is_object check (jsonb_typeof(positional) = 'object') not valid;

comment on column public.analysis_moves.class is
    'What kind of move it was, from brilliant to blunder; null in reports older than the column.';
comment on column public.analysis_moves.second_white_cp is
    'Centipawns from White''s point of view after the best other move of the position before; null when not searched.';
comment on column public.analysis_moves.second_white_mate is 'The same as moves to mate.';
comment on column public.analysis_moves.missed is
    'Motifs of the engine''s line from the position before: {motif, ply, square, targets}.';
comment on column public.analysis_moves.allowed is 'Motifs of the opponent''s best reply, in the same form.';
comment on column public.analysis_moves.explanation is 'One or two sentences on why the move is good or bad, or null.';
comment on column public.analysis_moves.positional is 'Positional metrics of both sides after the move.';
comment on column public.analysis_moves.spent_s is 'Seconds the mover thought, or null when the clocks do not tell.';


create function public.save_phase_v3(
    p_game_id uuid,
    p_generation integer,
    p_phase text,
    p_report jsonb,
    p_moves jsonb,
    p_engine text,
    p_limit text,
    p_is_degraded boolean,
    p_timings jsonb
) returns text
    language plpgsql
    set search_path = ''
as $$
declare
    v_phases constant text[] := array['initial', 'intermediate', 'complete'];
    v_rank constant integer := array_position(v_phases, p_phase);
    v_ply_count integer;
    v_analysis public.analyses;
    v_is_redo boolean;
begin
    select ply_count into v_ply_count from public.games where id = p_game_id for no key update;
    select * into v_analysis from public.analyses where game_id = p_game_id;
    v_is_redo := p_phase = 'complete' and v_analysis.state = 'done' and v_analysis.report_generation < p_generation;
    if v_analysis.generation is null or v_analysis.generation < p_generation then
        return 'unknown';
    elsif v_analysis.generation > p_generation or v_analysis.state in ('failed', 'cancelled') then
        return 'stale';
    elsif v_analysis.progress >= v_rank and (not v_is_redo or p_is_degraded) then
        -- A redo that is itself degraded must not replace what may be better.
        return 'already_saved';
    elsif jsonb_array_length(p_moves) <> v_ply_count
        or (select count(distinct (m.move ->> 'ply')::integer) from jsonb_array_elements(p_moves) as m (move)
            where (m.move ->> 'ply')::integer between 1 and v_ply_count) <> v_ply_count
    then
        raise invalid_parameter_value using message = 'a phase is saved with one row for each ply of the game';
    end if;

    delete from public.analysis_moves where game_id = p_game_id;
    insert into public.analysis_moves
    select r.*
    from jsonb_array_elements(p_moves) as m (move),
        lateral jsonb_populate_record(
            null::public.analysis_moves,
            m.move || jsonb_build_object('game_id', p_game_id, 'user_id', v_analysis.user_id)
        ) as r;

    update public.analyses set
        state = case when p_phase = 'complete' then 'done' else 'running' end,
        phase = v_phases[v_rank + 1],
        finished_phase = p_phase,
        report = p_report,
        report_phase = p_phase,
        report_generation = p_generation,
        engine = p_engine,
        limits = limits || jsonb_build_object(p_phase, p_limit),
        timings = timings || jsonb_build_object(p_phase, p_timings),
        degraded = p_is_degraded,
        finished_at = case when p_phase = 'complete' then now() end,
        updated_at = now()
    where game_id = p_game_id;

    update public.games set
        queue_status = case when p_phase = 'complete' then 'done' else 'running' end,
        analysis_phase = p_phase
    where id = p_game_id;
    return 'saved';
end;
$$;

comment on function public.save_phase_v3(uuid, integer, text, jsonb, jsonb, text, text, boolean, jsonb) is
    'Saves a phase''s report and moves at once: saved, already_saved (this or a later phase of this generation), stale '
    '(a newer generation, or this one failed or was cancelled) or unknown (no such game or generation).';
revoke execute on function public.save_phase_v3(uuid, integer, text, jsonb, jsonb, text, text, boolean, jsonb)
    from public, anon, authenticated;
grant execute on function public.save_phase_v3(uuid, integer, text, jsonb, jsonb, text, text, boolean, jsonb)
    to service_role;
