-- Why: a list of a thousand games is of use only to who can look for a player, an opening, a result or a day in it,
-- and have it in another order. All of it is done here, where names are data and never part of a query.
--
-- The opening is told by the service when a game is stored (it knows the book). add_games_v1 stays for functions that
-- run while this is deployed; games they store have what their PGN says, as has every game from before.

alter table public.games
    add column eco text,
    add column opening text,
    add column played_day text collate "C" not null generated always as (
        case
            when played_on ~ '^[0-9]{4}[./-]([0-9]{2}|\?\?)[./-]([0-9]{2}|\?\?)$'
            then translate(replace(played_on, '??', '01'), './', '--')
            else ''
        end
    ) stored;

comment on column public.games.eco is 'ECO code of the opening, or null.';
comment on column public.games.opening is 'Name of the opening, or null.';
comment on column public.games.played_day is
    'played_on as YYYY-MM-DD: what is unknown of a day or month is 01, and all is empty when the year is unknown.';

update public.games as g set eco = a.report -> 'opening' ->> 'eco', opening = a.report -> 'opening' ->> 'name'
from public.analyses as a
where a.game_id = g.id and jsonb_typeof(a.report -> 'opening') = 'object';

update public.games set eco = headers ->> 'ECO', opening = headers ->> 'Opening'
where eco is null and (headers ? 'ECO' or headers ? 'Opening');

-- A user's games in the other orders; the newest first have their index already.
create index games_by_day on public.games (user_id, played_day, id);
create index games_by_length on public.games (user_id, ply_count, id);


create function public.add_games_v2(p_user_id uuid, p_games jsonb) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_new_ids uuid[];
begin
    -- Sorted by hash: two requests with the same games never wait for each other crosswise.
    with inserted as (
        insert into public.games (user_id, pgn, headers, white, black, result, event, site, played_on,
                                  start_fen, is_chess960, moves, ply_count, content_hash, eco, opening, created_at)
        select p_user_id, g.pgn, g.headers, g.headers ->> 'White', g.headers ->> 'Black', g.headers ->> 'Result',
               g.headers ->> 'Event', g.headers ->> 'Site', g.headers ->> 'Date',
               g.start_fen, g.is_chess960, g.moves, g.ply_count, g.content_hash, g.eco, g.opening,
               now() + g.position * interval '1 microsecond'
        from (
            select distinct on (r.content_hash) r.*, e.position
            from jsonb_array_elements(p_games) with ordinality as e (game, position),
                 jsonb_to_record(e.game) as r (pgn text, headers jsonb, start_fen text, is_chess960 boolean, moves text,
                                               ply_count integer, content_hash text, eco text, opening text)
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

comment on function public.add_games_v2(uuid, jsonb) is
    'Stores games (pgn, headers, start_fen, is_chess960, moves, ply_count, content_hash, eco, opening), all or none; '
    'answers {game_id, is_new} for each in the order given. A game the user has already is not stored again.';
revoke execute on function public.add_games_v2(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.add_games_v2(uuid, jsonb) to service_role;


create function public.list_games_v1(
    p_user_id uuid,
    p_limit integer,
    p_sort text,
    p_after_value text default null,
    p_after_id uuid default null,
    p_player text default null,
    p_white text default null,
    p_black text default null,
    p_opening text default null,
    p_result text default null,
    p_played_from text default null,
    p_played_to text default null,
    p_is_analysed boolean default null
) returns jsonb
    language plpgsql
    stable
    security invoker
    set search_path = ''
as $$
declare
    v_column text := case ltrim(p_sort, '-')
        when 'created_at' then 'created_at' when 'played_on' then 'played_day' when 'ply_count' then 'ply_count' end;
    v_type text := case v_column
        when 'created_at' then 'timestamptz' when 'played_day' then 'text' when 'ply_count' then 'integer' end;
    v_is_falling boolean := starts_with(p_sort, '-');
    v_games jsonb;
begin
    if v_column is null then
        raise invalid_parameter_value using message = 'games are not listed in this order';
    end if;
    -- Only the order is made up as text, of the words above; all that was given are parameters, each planned for as
    -- the constant that it is, so a filter that was not given costs nothing. The user's games are walked through in
    -- the order of an index until the page is full.
    execute format(
        $query$
            select coalesce(jsonb_agg(to_jsonb(page) order by page.%1$I %3$s, page.id %3$s), '[]')
            from (
                select id, white, black, result, event, site, played_on, played_day, eco, opening, start_fen,
                       is_chess960, ply_count, queue_status, analysis_phase, created_at
                from public.games
                where user_id = $1
                    and ($4 is null or (%1$I, id) %2$s ($3::%4$s, $4))
                    and ($5 is null or strpos(lower(white), lower($5)) > 0 or strpos(lower(black), lower($5)) > 0)
                    and ($6 is null or strpos(lower(white), lower($6)) > 0)
                    and ($7 is null or strpos(lower(black), lower($7)) > 0)
                    and ($8 is null or starts_with(eco, upper($8)) or strpos(lower(opening), lower($8)) > 0)
                    and ($9 is null or result = $9)
                    and ($10 is null or played_day >= $10)
                    and ($11 is null or (played_day <= $11 and played_day <> ''))
                    and ($12 is null or (analysis_phase is not null) = $12)
                order by %1$I %3$s, id %3$s
                limit $2
            ) as page
        $query$,
        v_column, case when v_is_falling then '<' else '>' end, case when v_is_falling then 'desc' else 'asc' end, v_type
    ) into v_games using
        p_user_id, p_limit, p_after_value, p_after_id, p_player, p_white, p_black, p_opening, p_result, p_played_from,
        p_played_to, p_is_analysed;
    return v_games;
end;
$$;

comment on function public.list_games_v1(
    uuid, integer, text, text, uuid, text, text, text, text, text, text, text, boolean
) is
    'Up to p_limit of the caller''s games that pass all filters given, in the order p_sort (created_at, played_on or '
    'ply_count, with a minus the greatest first), from behind the given one.';
revoke execute on function public.list_games_v1(
    uuid, integer, text, text, uuid, text, text, text, text, text, text, text, boolean
) from public, anon;
grant execute on function public.list_games_v1(
    uuid, integer, text, text, uuid, text, text, text, text, text, text, text, boolean
) to authenticated, service_role;
