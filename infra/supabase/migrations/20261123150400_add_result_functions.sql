-- Why: a phase's report and moves are saved in one transaction that checks the generation under a lock, so that
-- neither a repeated call nor a late worker of an older generation can change what is there.

create function public.save_phase_v1(
    p_game_id uuid,
    p_generation integer,
    p_phase text,
    p_report jsonb,
    p_moves jsonb,
    p_engine text,
    p_limit text,
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
begin
    select ply_count into v_ply_count from public.games where id = p_game_id for no key update;
    select * into v_analysis from public.analyses where game_id = p_game_id;
    if v_analysis.generation is null or v_analysis.generation < p_generation then
        return 'unknown';
    elsif v_analysis.generation > p_generation or v_analysis.state in ('failed', 'cancelled') then
        return 'stale';
    elsif v_analysis.progress >= v_rank then
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

comment on function public.save_phase_v1(uuid, integer, text, jsonb, jsonb, text, text, jsonb) is
    'Saves a phase''s report and moves at once: saved, already_saved (this or a later phase of this generation), stale '
    '(a newer generation, or this one failed or was cancelled) or unknown (no such game or generation).';
revoke execute on function public.save_phase_v1(uuid, integer, text, jsonb, jsonb, text, text, jsonb)
    from public, anon, authenticated;
grant execute on function public.save_phase_v1(uuid, integer, text, jsonb, jsonb, text, text, jsonb) to service_role;


create function public.fail_analysis_v1(p_game_id uuid, p_generation integer, p_reason text) returns text
    language plpgsql
    set search_path = ''
as $$
declare
    v_analysis public.analyses;
begin
    perform from public.games where id = p_game_id for no key update;
    select * into v_analysis from public.analyses where game_id = p_game_id;
    if v_analysis.generation is null or v_analysis.generation < p_generation then
        return 'unknown';
    elsif v_analysis.generation = p_generation and v_analysis.state = 'failed' then
        return 'already_saved';
    elsif v_analysis.generation > p_generation or v_analysis.phase is null then
        return 'stale';
    end if;
    update public.analyses set
        state = 'failed', phase = null, failure = p_reason, finished_at = now(), updated_at = now()
    where game_id = p_game_id;
    update public.games set queue_status = 'failed' where id = p_game_id;
    return 'saved';
end;
$$;

comment on function public.fail_analysis_v1(uuid, integer, text) is
    'Makes an analysis failed, with the reason; answers like save_phase. What earlier phases saved stays readable.';
revoke execute on function public.fail_analysis_v1(uuid, integer, text) from public, anon, authenticated;
grant execute on function public.fail_analysis_v1(uuid, integer, text) to service_role;


create function public.cancel_analysis_v1(p_user_id uuid, p_game_id uuid) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_analysis public.analyses;
begin
    perform from public.games where id = p_game_id and user_id = p_user_id for no key update;
    select * into v_analysis from public.analyses where game_id = p_game_id and user_id = p_user_id;
    if v_analysis.generation is null then
        return jsonb_build_object('answer', 'unknown', 'generation', null);
    elsif v_analysis.phase is null then
        return jsonb_build_object(
            'answer', case v_analysis.state when 'cancelled' then 'already_saved' else 'stale' end,
            'generation', v_analysis.generation
        );
    end if;
    update public.analyses set state = 'cancelled', phase = null, finished_at = now(), updated_at = now()
    where game_id = p_game_id;
    update public.games set queue_status = 'cancelled' where id = p_game_id;
    return jsonb_build_object('answer', 'saved', 'generation', v_analysis.generation);
end;
$$;

comment on function public.cancel_analysis_v1(uuid, uuid) is
    'Cancels the user''s unfinished analysis of a game; answers {answer, generation}, the generation being what the '
    'queue must forget. What earlier phases saved stays readable.';
revoke execute on function public.cancel_analysis_v1(uuid, uuid) from public, anon, authenticated;
grant execute on function public.cancel_analysis_v1(uuid, uuid) to service_role;
