-- Why: whoever follows an analysis asks for its status again and again, and most answers say that nothing is new.
-- Those need neither the report nor the PGN, which together are a hundred times as long as the rest.
--
-- read_analysis_v1 stays for functions that run while this is deployed.

create function public.read_analysis_v2(p_user_id uuid, p_game_id uuid, p_with_report boolean) returns jsonb
    language sql
    stable
    security invoker
    set search_path = ''
as $$
    select case when p_with_report then to_jsonb(g) else to_jsonb(g) - array['pgn', 'headers', 'moves'] end
        - array['user_id', 'content_hash']
        || jsonb_build_object('analysis', (
            select case
                when p_with_report then to_jsonb(a) || jsonb_build_object('moves', (
                    select coalesce(jsonb_agg(to_jsonb(m) - array['game_id', 'user_id'] order by m.ply), '[]')
                    from public.analysis_moves as m
                    where m.game_id = a.game_id and m.user_id = p_user_id
                ))
                else to_jsonb(a) - 'report'
            end - array['game_id', 'user_id']
            from public.analyses as a
            where a.game_id = g.id and a.user_id = p_user_id
        ))
    from public.games as g
    where g.id = p_game_id and g.user_id = p_user_id
$$;

comment on function public.read_analysis_v2(uuid, uuid, boolean) is
    'One game of the caller''s, under `analysis` its analysis (null when never asked for) and in it all moves; null when '
    'there is no such game. Without the report, all that is long is left out: report, moves, pgn, headers.';
revoke execute on function public.read_analysis_v2(uuid, uuid, boolean) from public, anon;
grant execute on function public.read_analysis_v2(uuid, uuid, boolean) to authenticated, service_role;
