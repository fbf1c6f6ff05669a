-- Why: who asks for a hundred analyses at once wants to know how far all of them are, with one question. A batch is the
-- games that one request asked for; a game that is deleted leaves its batches.

create table public.batches (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    source text not null check (source in ('submission', 'unannotated')),
    created_at timestamptz not null default now()
);

comment on table public.batches is 'Requests for the analyses of many games at once.';
comment on column public.batches.id is 'The batch''s public id.';
comment on column public.batches.user_id is 'Who asked.';
comment on column public.batches.source is
    'submission (the games came with the request) or unannotated (stored before, never asked for).';
comment on column public.batches.created_at is 'When it was asked for.';

create index batches_of_user on public.batches (user_id, created_at desc);

create table public.batch_games (
    batch_id uuid not null references public.batches (id) on delete cascade,
    game_id uuid not null references public.games (id) on delete cascade,
    user_id uuid not null,
    primary key (batch_id, game_id)
);

comment on table public.batch_games is 'The games of each batch; their states are in games and analyses.';
comment on column public.batch_games.batch_id is 'The batch.';
comment on column public.batch_games.game_id is 'The game.';
comment on column public.batch_games.user_id is 'Who asked, repeated here so that the policy needs no join for each row.';

-- A game that is deleted must not scan everybody's batches, and so for the policy.
create index batch_games_of_game on public.batch_games (game_id);
create index batch_games_of_user on public.batch_games (user_id);

alter table public.batches enable row level security;
alter table public.batch_games enable row level security;

create policy "Users read their own batches" on public.batches
    for select to authenticated using ((select auth.uid()) = user_id);
create policy "Users read the games of their own batches" on public.batch_games
    for select to authenticated using ((select auth.uid()) = user_id);

revoke all on table public.batches, public.batch_games from public, anon, authenticated;
grant select on table public.batches, public.batch_games to authenticated;
grant select, insert, update, delete on table public.batches, public.batch_games to service_role;


create function public.start_batch_v1(p_user_id uuid, p_game_ids uuid[], p_at_most integer) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_game_ids uuid[];
    v_batch_id uuid;
begin
    if p_game_ids is null then
        -- Skips what another call is just taking, instead of waiting to find it taken.
        v_game_ids := array(
            select id from public.games
            where queue_status is null and user_id = p_user_id
            order by created_at, id
            limit p_at_most
            for no key update skip locked
        );
    else
        perform from public.games
        where user_id = p_user_id and id = any (p_game_ids)
        order by id
        for no key update;
        -- In the order asked for, each once.
        v_game_ids := array(
            select g.id from unnest(p_game_ids) with ordinality as ids (game_id, position)
            join public.games as g on g.id = ids.game_id and g.user_id = p_user_id
            group by g.id
            order by min(position)
            limit p_at_most
        );
    end if;
    if cardinality(v_game_ids) > 0 then
        insert into public.batches (user_id, source)
        values (p_user_id, case when p_game_ids is null then 'unannotated' else 'submission' end)
        returning id into v_batch_id;
        insert into public.batch_games (batch_id, game_id, user_id)
        select v_batch_id, game_id, p_user_id from unnest(v_game_ids) as ids (game_id);
    end if;
    return jsonb_build_object('batch_id', v_batch_id, 'analyses', public.start_analyses_v2(v_game_ids, true));
end;
$$;

comment on function public.start_batch_v1(uuid, uuid[], integer) is
    'Asks in bulk for the analyses of up to p_at_most of the user''s games, of those never asked for when p_game_ids is '
    'null, and makes them a batch: {batch_id, analyses}, the id null when there is none.';
revoke execute on function public.start_batch_v1(uuid, uuid[], integer) from public, anon, authenticated;
grant execute on function public.start_batch_v1(uuid, uuid[], integer) to service_role;


create function public.read_batch_v1(p_user_id uuid, p_batch_id uuid) returns jsonb
    language sql
    stable
    security invoker
    set search_path = ''
as $$
    select jsonb_build_object(
        'id', b.id,
        'source', b.source,
        'created_at', b.created_at,
        'age_s', extract(epoch from now() - b.created_at),
        'total', count(a.game_id),
        'queued', count(*) filter (where a.state = 'queued'),
        'running', count(*) filter (where a.state = 'running'),
        'done', count(*) filter (where a.state = 'done'),
        'failed', count(*) filter (where a.state = 'failed'),
        'cancelled', count(*) filter (where a.state = 'cancelled'),
        'unfinished_phases', coalesce(sum(3 - a.progress) filter (where a.phase is not null), 0)
    )
    from public.batches as b
    left join public.batch_games as bg on bg.batch_id = b.id and bg.user_id = p_user_id
    left join public.analyses as a on a.game_id = bg.game_id and a.user_id = p_user_id
    where b.id = p_batch_id and b.user_id = p_user_id
    group by b.id
$$;

comment on function public.read_batch_v1(uuid, uuid) is
    'One batch of the caller''s, with how many of its games are in which state and how many phases are still to be '
    'finished; null when there is no such batch.';
revoke execute on function public.read_batch_v1(uuid, uuid) from public, anon;
grant execute on function public.read_batch_v1(uuid, uuid) to authenticated, service_role;


create or replace function public.delete_user_data_v1(p_user_id uuid) returns jsonb
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
    delete from public.batches where user_id = p_user_id;
    delete from public.profiles where user_id = p_user_id;
    return v_jobs;
end;
$$;


create or replace function public.export_v1(
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
        'batches', (
            select coalesce(jsonb_agg(to_jsonb(b) - 'user_id' || jsonb_build_object('game_ids', (
                select coalesce(jsonb_agg(bg.game_id), '[]') from public.batch_games as bg
                where bg.batch_id = b.id and bg.user_id = p_user_id
            )) order by b.created_at, b.id), '[]')
            from public.batches as b
            where b.user_id = p_user_id and p_after_id is null
        ),
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
