-- Why: the API cuts every list at max_rows (1000 by default), also lists inside other rows, and a game may have
-- 1200 half-moves. One function gives the whole analysis as one value, from one snapshot, under the reader's own
-- rights: it is `security invoker`, so row level security holds inside it as well.

create function public.read_analysis_v1(p_user_id uuid, p_game_id uuid, p_with_moves boolean) returns jsonb
    language sql
    stable
    security invoker
    set search_path = ''
as $$
    select to_jsonb(g) - array['user_id', 'content_hash'] || jsonb_build_object('analysis', (
        select to_jsonb(a) - array['game_id', 'user_id'] || case
            when p_with_moves then jsonb_build_object('moves', (
                select coalesce(jsonb_agg(to_jsonb(m) - array['game_id', 'user_id'] order by m.ply), '[]')
                from public.analysis_moves as m
                where m.game_id = a.game_id and m.user_id = p_user_id
            ))
            else '{}'
        end
        from public.analyses as a
        where a.game_id = g.id and a.user_id = p_user_id
    ))
    from public.games as g
    where g.id = p_game_id and g.user_id = p_user_id
$$;

comment on function public.read_analysis_v1(uuid, uuid, boolean) is
    'One game of the caller''s, under `analysis` its analysis (null when never asked for) and in it, when wanted, all '
    'moves; null when there is no such game.';
revoke execute on function public.read_analysis_v1(uuid, uuid, boolean) from public, anon;
grant execute on function public.read_analysis_v1(uuid, uuid, boolean) to authenticated, service_role;
