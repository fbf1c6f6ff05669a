-- Why: writing down that an analysis is wanted comes before the queue hears of it, and must be safe to repeat.
--
-- Locks: every function that writes takes the row of the game first, then touches its analysis, as deleting a
-- game does; many games are locked in the order of their ids. So no two of them can wait for each other crosswise.

create function public.describe_analyses_v1(p_game_ids uuid[]) returns jsonb
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
        'is_chess960', g.is_chess960
    ) order by ids.position), '[]')
    from unnest(p_game_ids) with ordinality as ids (game_id, position)
    join public.analyses as a on a.game_id = ids.game_id
    join public.games as g on g.id = ids.game_id
$$;

comment on function public.describe_analyses_v1(uuid[]) is
    'What the queue needs to know of these analyses, in the order given; games without one are left out.';
revoke execute on function public.describe_analyses_v1(uuid[]) from public, anon, authenticated;
grant execute on function public.describe_analyses_v1(uuid[]) to service_role;


create function public.start_analyses_v1(p_game_ids uuid[], p_premium_priority integer) returns jsonb
    language plpgsql
    set search_path = ''
as $$
begin
    insert into public.analyses as a (game_id, user_id, priority)
    select g.id, g.user_id, case when p.plan = 'premium' then p_premium_priority else 0 end
    from public.games as g
    left join public.profiles as p on p.user_id = g.user_id
    where g.id = any (p_game_ids)
    on conflict (game_id) do update set
        generation = a.generation + 1,
        state = 'queued',
        phase = 'initial',
        finished_phase = null,
        priority = excluded.priority,
        limits = '{}',
        timings = '{}',
        degraded = false,
        failure = null,
        requested_at = now(),
        finished_at = null,
        updated_at = now()
        -- report, its phase and generation, engine and moves stay readable until the new generation saves a phase
    where a.state in ('failed', 'cancelled');

    update public.analyses as a set priority = p_premium_priority
    from public.profiles as p
    where a.game_id = any (p_game_ids) and p.user_id = a.user_id and p.plan = 'premium'
        and a.state in ('queued', 'running') and a.priority < p_premium_priority;

    update public.games as g set queue_status = a.state
    from public.analyses as a
    where a.game_id = g.id and g.id = any (p_game_ids) and g.queue_status is distinct from a.state;

    return public.describe_analyses_v1(p_game_ids);
end;
$$;

comment on function public.start_analyses_v1(uuid[], integer) is
    'Starts the analyses of games whose rows the caller has locked: joins an unfinished or finished one, begins a new '
    'generation after a failed or cancelled one. Priority: p_premium_priority for premium owners, else 0.';
revoke execute on function public.start_analyses_v1(uuid[], integer) from public, anon, authenticated;
grant execute on function public.start_analyses_v1(uuid[], integer) to service_role;


create function public.request_analyses_v1(p_user_id uuid, p_game_ids uuid[], p_premium_priority integer) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_own_ids uuid[];
begin
    select array_agg(id) into v_own_ids from (
        select id from public.games
        where user_id = p_user_id and id = any (p_game_ids)
        order by id
        for no key update
    ) as locked;
    -- In the order asked for, each once.
    return public.start_analyses_v1(array(
        select game_id from unnest(p_game_ids) with ordinality as ids (game_id, position)
        where game_id = any (v_own_ids)
        group by game_id
        order by min(position)
    ), p_premium_priority);
end;
$$;

comment on function public.request_analyses_v1(uuid, uuid[], integer) is
    'The user wants these games analysed; unknown and foreign games are left out. Safe to repeat.';
revoke execute on function public.request_analyses_v1(uuid, uuid[], integer) from public, anon, authenticated;
grant execute on function public.request_analyses_v1(uuid, uuid[], integer) to service_role;


create function public.request_unannotated_v1(p_user_id uuid, p_at_most integer, p_premium_priority integer)
    returns jsonb
    language plpgsql
    set search_path = ''
as $$
begin
    -- Skips what another call is just taking, instead of waiting to find it taken.
    return public.start_analyses_v1(array(
        select id from public.games
        where queue_status is null and (p_user_id is null or user_id = p_user_id)
        order by created_at, id
        limit p_at_most
        for no key update skip locked
    ), p_premium_priority);
end;
$$;

comment on function public.request_unannotated_v1(uuid, integer, integer) is
    'The same for up to p_at_most games never asked for, oldest first; of every user when p_user_id is null.';
revoke execute on function public.request_unannotated_v1(uuid, integer, integer) from public, anon, authenticated;
grant execute on function public.request_unannotated_v1(uuid, integer, integer) to service_role;


create function public.unfinished_analyses_v1(
    p_older_than_ms bigint,
    p_at_most integer,
    p_after_requested_at_ms bigint default null,
    p_after_game_id uuid default null
) returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select public.describe_analyses_v1(array(
        select game_id from public.analyses
        where state in ('queued', 'running')
            and updated_at < now() - p_older_than_ms * interval '1 millisecond'
            and (p_after_game_id is null or (requested_at, game_id) > (
                timestamptz 'epoch' + p_after_requested_at_ms * interval '1 millisecond', p_after_game_id
            ))
        order by requested_at, game_id
        limit p_at_most
    ))
$$;

comment on function public.unfinished_analyses_v1(bigint, integer, bigint, uuid) is
    'Analyses that are not final and made no progress for that long, in order of request, after the given one.';
revoke execute on function public.unfinished_analyses_v1(bigint, integer, bigint, uuid)
    from public, anon, authenticated;
grant execute on function public.unfinished_analyses_v1(bigint, integer, bigint, uuid) to service_role;
