-- Why: a game is stored once for each user, with all that a list of games shows and all that a phase function
-- needs to search it, so that neither ever has to parse PGN again.

create table public.games (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references auth.users (id) on delete cascade,
    pgn text not null,
    headers jsonb not null default '{}' check (jsonb_typeof(headers) = 'object'),
    white text,
    black text,
    result text,
    event text,
    site text,
    played_on text,
    start_fen text not null,
    is_chess960 boolean not null default false,
    moves text not null,
    ply_count integer not null check (ply_count >= 0),
    content_hash text not null,
    queue_status text check (queue_status in ('queued', 'running', 'done', 'failed', 'cancelled')),
    analysis_phase text check (analysis_phase in ('initial', 'intermediate', 'complete')),
    created_at timestamptz not null default now(),
    unique (user_id, content_hash)
);

comment on table public.games is 'The games users submitted.';
comment on column public.games.id is 'The game''s public id.';
comment on column public.games.user_id is 'The owner.';
comment on column public.games.pgn is 'The game''s own PGN text, as submitted.';
comment on column public.games.headers is 'PGN tags by name, as submitted.';
comment on column public.games.white is 'The White tag.';
comment on column public.games.black is 'The Black tag.';
comment on column public.games.result is 'The Result tag.';
comment on column public.games.event is 'The Event tag.';
comment on column public.games.site is 'The Site tag.';
comment on column public.games.played_on is
    'The Date tag as given: often incomplete (1858.??.??), hence text.';
comment on column public.games.start_fen is 'Position before the first move.';
comment on column public.games.is_chess960 is 'True when castling follows the rules of Chess960.';
comment on column public.games.moves is 'The main line in UCI notation, separated by spaces.';
comment on column public.games.ply_count is 'Number of half-moves.';
comment on column public.games.content_hash is
    'The same for the same start position, moves and players; unique for each user.';
comment on column public.games.queue_status is
    'State of the game''s analysis (analyses.state), null when nobody asked for one. Written together with it.';
comment on column public.games.analysis_phase is
    'Phase of the report that can be read (analyses.report_phase), null when there is none.';
comment on column public.games.created_at is
    'When the game was stored; games of one request follow each other by a microsecond.';

-- A user's list, newest first, and its cursor. Also serves the policy.
create index games_newest_first on public.games (user_id, created_at desc, id desc);
-- Games nobody asked an analysis for, oldest first.
create index games_never_asked_for on public.games (created_at, id) where queue_status is null;

alter table public.games enable row level security;

create policy "Users read their own games" on public.games
    for select to authenticated using ((select auth.uid()) = user_id);

revoke all on table public.games from public, anon, authenticated;
grant select on table public.games to authenticated;
grant select, insert, update, delete on table public.games to service_role;

create function public.add_games_v1(p_user_id uuid, p_games jsonb) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_new_ids uuid[];
begin
    -- Sorted by hash: two requests with the same games never wait for each other crosswise.
    with inserted as (
        insert into public.games (user_id, pgn, headers, white, black, result, event, site, played_on,
                                  start_fen, is_chess960, moves, ply_count, content_hash, created_at)
        select p_user_id, g.pgn, g.headers, g.headers ->> 'White', g.headers ->> 'Black', g.headers ->> 'Result',
               g.headers ->> 'Event', g.headers ->> 'Site', g.headers ->> 'Date',
               g.start_fen, g.is_chess960, g.moves, g.ply_count, g.content_hash,
               now() + g.position * interval '1 microsecond'
        from (
            select distinct on (r.content_hash) r.*, e.position
            from jsonb_array_elements(p_games) with ordinality as e (game, position),
                 jsonb_to_record(e.game) as r (pgn text, headers jsonb, start_fen text, is_chess960 boolean,
                                               moves text, ply_count integer, content_hash text)
            order by r.content_hash, e.position
        ) as g
        order by g.content_hash
        on conflict (user_id, content_hash) do nothing
        returning id
    )
    select coalesce(array_agg(id), '{}') into v_new_ids from inserted;

    -- A second statement, to see also what another request stored in the meantime.
    return (
        select coalesce(jsonb_agg(jsonb_build_object(
            'game_id', g.id,
            'is_new', g.id = any (v_new_ids) and e.position = e.first_position
        ) order by e.position), '[]')
        from (
            select game ->> 'content_hash' as content_hash, position,
                   min(position) over (partition by game ->> 'content_hash') as first_position
            from jsonb_array_elements(p_games) with ordinality as elements (game, position)
        ) as e
        join public.games as g on g.user_id = p_user_id and g.content_hash = e.content_hash
    );
end;
$$;

comment on function public.add_games_v1(uuid, jsonb) is
    'Stores games (pgn, headers, start_fen, is_chess960, moves, ply_count, content_hash), all or none; answers '
    '{game_id, is_new} for each in the order given. A game the user has already is not stored again.';
revoke execute on function public.add_games_v1(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.add_games_v1(uuid, jsonb) to service_role;
