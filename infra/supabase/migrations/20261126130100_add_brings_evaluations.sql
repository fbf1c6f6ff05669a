-- Why: a game whose PGN has the evaluations of its moves gets its first report at once, with no engine. Whoever asks
-- for the analysis needs to know that the PGN is worth reading, without another question for every game that has none.
--
-- One more key in the answer of the same function: code that does not know it leaves it alone.

create or replace function public.describe_analyses_v1(p_game_ids uuid[]) returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'game_id', a.game_id,
        'user_id', a.user_id,
        'generation', a.generation,
        'state', a.state,
        'finished_phase', a.finished_phase,
        'requested_at_ms', (extract(epoch from a.requested_at) * 1000)::bigint,
        'priority', a.priority,
        'moves', g.moves,
        'start_fen', g.start_fen,
        'is_chess960', g.is_chess960,
        'brings_evaluations', strpos(g.pgn, '[%eval ') > 0
    ) order by ids.position), '[]')
    from unnest(p_game_ids) with ordinality as ids (game_id, position)
    join public.analyses as a on a.game_id = ids.game_id
    join public.games as g on g.id = ids.game_id
$$;
