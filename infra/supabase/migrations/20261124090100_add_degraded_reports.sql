-- Why: under backlog a phase may run with a smaller limit. Such a report is marked, and its last phase is done again
-- when the queue is idle: under a new generation, while the analysis stays done and its report readable.
--
-- Such a redo is a done row whose generation is newer than its report's. Everything that touches unfinished rows only
-- (cancelling, failing, the sweeper's reading) passes it by; losing it costs nothing, it is begun again later.

alter table public.analyses add constraint degraded_means_report check (not degraded or report is not null);
comment on column public.analyses.degraded is 'True when the stored report ran with a smaller limit than configured.';
comment on column public.analyses.generation is
    'Fencing token: asking again after a failure or cancellation raises it, and so does doing a degraded report again.';
comment on column public.analyses.finished_at is
    'When the state became final; of a degraded report that was done again, when that was saved.';

-- What is to be done again, in order: those begun least often first, so that one that never succeeds stops no other.
create index analyses_degraded on public.analyses ((generation - report_generation), finished_at, game_id)
    where state = 'done' and degraded;


create function public.save_phase_v2(
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
    insert into public.analysis_moves (
        game_id, user_id, ply, san, uci, fen, white_cp, white_mate, win_percent, accuracy, judgement,
        judgement_reason, best_uci, best_san, variation, depth, nodes, clock_s
    )
    select
        p_game_id, v_analysis.user_id, m.ply, m.san, m.uci, m.fen, m.white_cp, m.white_mate, m.win_percent, m.accuracy,
        m.judgement, m.judgement_reason, m.best_uci, m.best_san, m.variation, m.depth, m.nodes, m.clock_s
    from jsonb_to_recordset(p_moves) as m (
        ply smallint, san text, uci text, fen text, white_cp integer, white_mate integer,
        win_percent double precision, accuracy double precision, judgement text, judgement_reason text,
        best_uci text, best_san text, variation jsonb, depth integer, nodes bigint, clock_s double precision
    );

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

comment on function public.save_phase_v2(uuid, integer, text, jsonb, jsonb, text, text, boolean, jsonb) is
    'Saves a phase''s report and moves at once: saved, already_saved (this or a later phase of this generation), stale '
    '(a newer generation, or this one failed or was cancelled) or unknown (no such game or generation).';
revoke execute on function public.save_phase_v2(uuid, integer, text, jsonb, jsonb, text, text, boolean, jsonb)
    from public, anon, authenticated;
grant execute on function public.save_phase_v2(uuid, integer, text, jsonb, jsonb, text, text, boolean, jsonb)
    to service_role;

drop function public.save_phase_v1(uuid, integer, text, jsonb, jsonb, text, text, jsonb);


create function public.request_degraded_v1(p_at_most integer) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_game_ids uuid[];
begin
    with chosen as (
        select g.id, a.generation
        from public.analyses as a
        join public.games as g on g.id = a.game_id
        where a.state = 'done' and a.degraded
            -- Begun three times and never saved: something is wrong with it, and the report there is will do.
            and a.generation - a.report_generation < 3
        order by a.generation - a.report_generation, a.finished_at, a.game_id
        limit p_at_most
        -- Skips what another call is just taking, instead of waiting to find it taken.
        for no key update of g skip locked
    ), begun as (
        update public.analyses as a set generation = a.generation + 1
        from chosen
        -- A call that ended between our reading and our locking has taken it: its generation is another.
        where a.game_id = chosen.id and a.generation = chosen.generation
        returning a.game_id, a.generation - a.report_generation as begun, a.finished_at
    )
    select coalesce(array_agg(game_id order by begun, finished_at, game_id), '{}') into v_game_ids from begun;

    return (
        select coalesce(jsonb_agg(e.analysis || jsonb_build_object(
            'priority', public.priority_of_v1((e.analysis ->> 'user_id')::uuid, true),
            -- Not the user's request, maybe days ago: the redo would be the oldest in line, and its times nonsense.
            'requested_at_ms', (extract(epoch from now()) * 1000)::bigint
        ) order by e.position), '[]')
        from jsonb_array_elements(public.describe_analyses_v1(v_game_ids)) with ordinality as e (analysis, position)
    );
end;
$$;

comment on function public.request_degraded_v1(integer) is
    'Begins a new generation of up to p_at_most done analyses with a degraded report: begun least often '
    'first, then finished longest ago. They stay done and readable; a complete phase saved under that generation '
    'replaces the report. Answers them as asked for in bulk just now; their own priority and time stay. After '
    'three attempts without a saved phase one is left alone.';
revoke execute on function public.request_degraded_v1(integer) from public, anon, authenticated;
grant execute on function public.request_degraded_v1(integer) to service_role;
