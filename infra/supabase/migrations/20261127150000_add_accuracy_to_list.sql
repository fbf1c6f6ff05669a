-- Why: a list of games shows how well both sides played. Whoever had to read a report for each of them made a hundred
-- requests for a page.
--
-- The accuracies are columns of their own, since a report is long: taking two numbers out of a hundred stored ones costs
-- 3.5 ms at 17 kB each and 140 ms at 220 kB, of columns 1 ms (PGlite). The database itself fills them whenever a report is
-- written, those that are there too, whatever function does it: no save_phase has to know of them.
--
-- list_games_v1 stays for functions that run while this is deployed.

alter table public.analyses
    add column white_accuracy double precision generated always as (
        (report #>> '{white,accuracy}')::double precision
    ) stored,
    add column black_accuracy double precision generated always as (
        (report #>> '{black,accuracy}')::double precision
    ) stored;

comment on column public.analyses.white_accuracy is 'White''s accuracy in the stored report, 0 to 100, or null.';
comment on column public.analyses.black_accuracy is 'Black''s accuracy in the stored report, 0 to 100, or null.';


create function public.list_games_v2(
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
    -- the order of an index until the page is full; the accuracies are looked up for that page only.
    execute format(
        $query$
            select coalesce(jsonb_agg(to_jsonb(page) order by page.%1$I %3$s, page.id %3$s), '[]')
            from (
                select id, white, black, result, event, site, played_on, played_day, eco, opening, start_fen,
                       is_chess960, ply_count, queue_status, analysis_phase, created_at,
                       (select jsonb_build_object('white', a.white_accuracy, 'black', a.black_accuracy)
                        from public.analyses as a where a.game_id = games.id and a.report_phase is not null) as accuracy
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

comment on function public.list_games_v2(
    uuid, integer, text, text, uuid, text, text, text, text, text, text, text, boolean
) is
    'Up to p_limit of the caller''s games that pass all filters given, in the order p_sort (created_at, played_on or '
    'ply_count, with a minus the greatest first), from behind the given one; each with the accuracy of both '
    'sides, null without a report.';
revoke execute on function public.list_games_v2(
    uuid, integer, text, text, uuid, text, text, text, text, text, text, text, boolean
) from public, anon;
grant execute on function public.list_games_v2(
    uuid, integer, text, text, uuid, text, text, text, text, text, text, text, boolean
) to authenticated, service_role;
