-- Why: somebody must be able to see which analyses were given up, and to start them again. Who that is, is written
-- where users cannot write, and asked for with each request: a token would keep a right that was taken away.

alter table public.profiles add column is_operator boolean not null default false;
comment on column public.profiles.is_operator is
    'True for who may see and run the operators'' routes; changed by the owner of the project only.';

-- Dead letters, the last failed first.
create index analyses_failed on public.analyses (finished_at desc, game_id desc) where state = 'failed';


create function public.dead_letters_v1(
    p_at_most integer,
    p_before_failed_at timestamptz default null,
    p_before_game_id uuid default null
) returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select coalesce(jsonb_agg(jsonb_build_object(
        'game_id', a.game_id,
        'user_id', a.user_id,
        'generation', a.generation,
        'finished_phase', a.report_phase,
        'reason', a.failure,
        'failed_at', a.finished_at
    ) order by a.finished_at desc, a.game_id desc), '[]')
    from (
        select * from public.analyses
        where state = 'failed'
            and (p_before_game_id is null or (finished_at, game_id) < (p_before_failed_at, p_before_game_id))
        order by finished_at desc, game_id desc
        limit p_at_most
    ) as a
$$;

comment on function public.dead_letters_v1(integer, timestamptz, uuid) is
    'Failed analyses, the last failed first, from before the given one; finished_phase is the readable report''s.';
revoke execute on function public.dead_letters_v1(integer, timestamptz, uuid) from public, anon, authenticated;
grant execute on function public.dead_letters_v1(integer, timestamptz, uuid) to service_role;


create function public.count_dead_letters_v1() returns bigint
    language sql
    stable
    set search_path = ''
as $$
    select count(*) from public.analyses where state = 'failed'
$$;

comment on function public.count_dead_letters_v1() is 'How many analyses are failed.';
revoke execute on function public.count_dead_letters_v1() from public, anon, authenticated;
grant execute on function public.count_dead_letters_v1() to service_role;


create function public.redrive_v1(p_game_ids uuid[]) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_begun_ids uuid[];
begin
    perform from public.games where id = any (p_game_ids) order by id for no key update;

    with begun as (
        update public.analyses set
            generation = generation + 1,
            state = 'queued',
            phase = 'initial',
            finished_phase = null,
            limits = '{}',
            timings = '{}',
            failure = null,
            requested_at = now(),
            finished_at = null,
            updated_at = now()
        where game_id = any (p_game_ids) and state = 'failed'
        returning game_id
    )
    select array_agg(game_id) into v_begun_ids from begun;

    update public.games set queue_status = 'queued' where id = any (v_begun_ids);

    -- In the order asked for, each once.
    return public.describe_analyses_v1(array(
        select game_id from unnest(p_game_ids) with ordinality as ids (game_id, position)
        where game_id = any (v_begun_ids)
        group by game_id
        order by min(position)
    ));
end;
$$;

comment on function public.redrive_v1(uuid[]) is
    'Begins a new generation of those of the analyses that are failed, whoever they belong to, with the priority they '
    'had; the others are left out. What was readable stays readable.';
revoke execute on function public.redrive_v1(uuid[]) from public, anon, authenticated;
grant execute on function public.redrive_v1(uuid[]) to service_role;
