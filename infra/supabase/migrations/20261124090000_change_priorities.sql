-- Why: somebody who waits for an analysis goes before everything asked for in bulk, whatever the plans. So the
-- priority says both, in a number that both the queue and its readers name: 0 bulk, 1 premium bulk, 2 standard,
-- 3 premium.

-- What was asked for before this migration had 0, or whatever number a premium user's analyses were given.
update public.analyses set priority = case when priority >= 1 then 3 else 2 end;
alter table public.analyses alter column priority set default 2;
alter table public.analyses add constraint priority_has_a_name check (priority between 0 and 3);
comment on column public.analyses.priority is
    'Higher is analysed earlier: 0 bulk, 1 premium bulk, 2 standard, 3 premium.';


create function public.priority_of_v1(p_user_id uuid, p_is_bulk boolean) returns integer
    language sql
    stable
    set search_path = ''
as $$
    select case when p_is_bulk then 0 else 2 end
        + (exists (select from public.profiles where user_id = p_user_id and plan = 'premium'))::integer
$$;

comment on function public.priority_of_v1(uuid, boolean) is
    'The priority of what a user asks for by now, alone or in bulk.';
revoke execute on function public.priority_of_v1(uuid, boolean) from public, anon, authenticated;
grant execute on function public.priority_of_v1(uuid, boolean) to service_role;


create function public.start_analyses_v2(p_game_ids uuid[], p_is_bulk boolean) returns jsonb
    language plpgsql
    set search_path = ''
as $$
begin
    insert into public.analyses as a (game_id, user_id, priority)
    select g.id, g.user_id, public.priority_of_v1(g.user_id, p_is_bulk)
    from public.games as g
    where g.id = any (p_game_ids)
    on conflict (game_id) do update set
        generation = a.generation + 1,
        state = 'queued',
        phase = 'initial',
        finished_phase = null,
        priority = excluded.priority,
        limits = '{}',
        timings = '{}',
        failure = null,
        requested_at = now(),
        finished_at = null,
        updated_at = now()
        -- report, its phase and generation, engine, degraded and moves stay until the new generation saves a phase
    where a.state in ('failed', 'cancelled');

    -- Asked for in bulk before, and now somebody waits for it; or the plan is a better one by now. Never lowered.
    update public.analyses as a set priority = public.priority_of_v1(a.user_id, p_is_bulk)
    where a.game_id = any (p_game_ids) and a.state in ('queued', 'running')
        and a.priority < public.priority_of_v1(a.user_id, p_is_bulk);

    update public.games as g set queue_status = a.state
    from public.analyses as a
    where a.game_id = g.id and g.id = any (p_game_ids) and g.queue_status is distinct from a.state;

    return public.describe_analyses_v1(p_game_ids);
end;
$$;

comment on function public.start_analyses_v2(uuid[], boolean) is
    'Starts the analyses of games whose rows the caller has locked: joins an unfinished or finished one, begins a new '
    'generation after a failed or cancelled one. The priority is by the owner''s plan and by p_is_bulk.';
revoke execute on function public.start_analyses_v2(uuid[], boolean) from public, anon, authenticated;
grant execute on function public.start_analyses_v2(uuid[], boolean) to service_role;


create function public.request_analyses_v2(p_user_id uuid, p_game_ids uuid[]) returns jsonb
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
    return public.start_analyses_v2(array(
        select game_id from unnest(p_game_ids) with ordinality as ids (game_id, position)
        where game_id = any (v_own_ids)
        group by game_id
        order by min(position)
    ), false);
end;
$$;

comment on function public.request_analyses_v2(uuid, uuid[]) is
    'The user wants these games analysed; unknown and foreign games are left out. Safe to repeat.';
revoke execute on function public.request_analyses_v2(uuid, uuid[]) from public, anon, authenticated;
grant execute on function public.request_analyses_v2(uuid, uuid[]) to service_role;


create function public.request_unannotated_v2(p_user_id uuid, p_at_most integer) returns jsonb
    language plpgsql
    set search_path = ''
as $$
begin
    -- Skips what another call is just taking, instead of waiting to find it taken.
    return public.start_analyses_v2(array(
        select id from public.games
        where queue_status is null and (p_user_id is null or user_id = p_user_id)
        order by created_at, id
        limit p_at_most
        for no key update skip locked
    ), true);
end;
$$;

comment on function public.request_unannotated_v2(uuid, integer) is
    'The same in bulk for up to p_at_most games never asked for, oldest first; of every user when p_user_id is null.';
revoke execute on function public.request_unannotated_v2(uuid, integer) from public, anon, authenticated;
grant execute on function public.request_unannotated_v2(uuid, integer) to service_role;


drop function public.request_analyses_v1(uuid, uuid[], integer);
drop function public.request_unannotated_v1(uuid, integer, integer);
drop function public.start_analyses_v1(uuid[], integer);
