-- Why: users may take all that is theirs along, and have it deleted, a game at a time or everything at once. What hangs
-- on a game goes with it by its foreign keys; the queue hears afterwards which jobs it must forget.

create function public.delete_game_v1(p_user_id uuid, p_game_id uuid) returns integer
    language plpgsql
    set search_path = ''
as $$
declare
    v_generation integer;
begin
    -- The game first, as everything that writes: a phase that is being saved is waited for and goes as well.
    perform from public.games where id = p_game_id and user_id = p_user_id for update;
    if not found then
        return null;
    end if;
    select generation into v_generation from public.analyses where game_id = p_game_id;
    delete from public.games where id = p_game_id;
    return coalesce(v_generation, 0);
end;
$$;

comment on function public.delete_game_v1(uuid, uuid) is
    'Deletes a game of the user''s and all that hangs on it. Answers the generation that the queue must forget, 0 when '
    'nobody ever asked for its analysis; null when there is no such game.';
revoke execute on function public.delete_game_v1(uuid, uuid) from public, anon, authenticated;
grant execute on function public.delete_game_v1(uuid, uuid) to service_role;


create function public.delete_user_data_v1(p_user_id uuid) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_jobs jsonb;
begin
    perform from public.games where user_id = p_user_id order by id for update;
    select coalesce(jsonb_agg(jsonb_build_object('game_id', game_id, 'generation', generation)), '[]') into v_jobs
    from public.analyses
    -- A degraded report may be on its way to be done again: its generation is then newer than its report's.
    where user_id = p_user_id and (phase is not null or generation is distinct from report_generation);
    delete from public.games where user_id = p_user_id;
    delete from public.profiles where user_id = p_user_id;
    return v_jobs;
end;
$$;

comment on function public.delete_user_data_v1(uuid) is
    'Deletes everything of a user but the account itself; answers {game_id, generation} of what the queue must forget.';
revoke execute on function public.delete_user_data_v1(uuid) from public, anon, authenticated;
grant execute on function public.delete_user_data_v1(uuid) to service_role;


create function public.export_v1(
    p_user_id uuid,
    p_at_most integer,
    p_after_created_at timestamptz default null,
    p_after_id uuid default null
) returns jsonb
    language sql
    stable
    security invoker
    set search_path = ''
as $$
    select jsonb_build_object(
        'profile', (select to_jsonb(p) from public.profiles as p where p.user_id = p_user_id),
        'games', (
            select coalesce(jsonb_agg(
                to_jsonb(g) - array['user_id', 'content_hash', 'played_day'] || jsonb_build_object(
                    'analysis', (
                        select to_jsonb(a) - array['game_id', 'user_id'] || jsonb_build_object('moves', (
                            select coalesce(jsonb_agg(to_jsonb(m) - array['game_id', 'user_id'] order by m.ply), '[]')
                            from public.analysis_moves as m
                            where m.game_id = g.id and m.user_id = p_user_id
                        ))
                        from public.analyses as a
                        where a.game_id = g.id and a.user_id = p_user_id
                    ),
                    'feedback', (
                        select to_jsonb(f) - array['game_id', 'user_id'] from public.feedback as f
                        where f.game_id = g.id and f.user_id = p_user_id
                    )
                ) order by g.created_at, g.id
            ), '[]')
            from (
                select * from public.games
                where user_id = p_user_id
                    and (p_after_id is null or (created_at, id) > (p_after_created_at, p_after_id))
                order by created_at, id
                limit p_at_most
            ) as g
        )
    )
$$;

comment on function public.export_v1(uuid, integer, timestamptz, uuid) is
    'Everything of the caller''s: the profile, and up to p_at_most games, the oldest first, with analysis, moves and '
    'feedback, from behind the given one.';
revoke execute on function public.export_v1(uuid, integer, timestamptz, uuid) from public, anon;
grant execute on function public.export_v1(uuid, integer, timestamptz, uuid) to authenticated, service_role;
