-- Why: a plan allows so many new games a day. Counted here, in the transaction that stores them, the number is exact,
-- costs no further call and is not lost with the cache; deleting a game does not give it back. One row for each user
-- that is there anyway: nothing grows with the days.

alter table public.profiles add column games_day date not null default date '1970-01-01';
alter table public.profiles add column games_stored integer not null default 0 check (games_stored >= 0);
comment on column public.profiles.games_day is 'The day in UTC that games_stored is about.';
comment on column public.profiles.games_stored is 'New games stored on that day, also those deleted since.';


create function public.day_ends_in_v1() returns integer
    language sql
    stable
    set search_path = ''
as $$
    select ceil(86400 - extract(epoch from (now() at time zone 'utc')::time))::integer
$$;

comment on function public.day_ends_in_v1() is 'Seconds until the day ends in UTC, 1 to 86400.';
revoke execute on function public.day_ends_in_v1() from public, anon, authenticated;
grant execute on function public.day_ends_in_v1() to service_role;


create function public.usage_v1(p_user_id uuid) returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select jsonb_build_object(
        'plan', coalesce(max(p.plan), 'free'),
        'used', coalesce(max(p.games_stored) filter (where p.games_day = (now() at time zone 'utc')::date), 0),
        'resets_in_s', public.day_ends_in_v1()
    )
    from public.profiles as p
    where p.user_id = p_user_id
$$;

comment on function public.usage_v1(uuid) is
    'The user''s plan (free without a profile), new games stored today in UTC, and seconds until tomorrow.';
revoke execute on function public.usage_v1(uuid) from public, anon, authenticated;
grant execute on function public.usage_v1(uuid) to service_role;


create function public.add_games_v3(p_user_id uuid, p_games jsonb, p_free_per_day integer, p_premium_per_day integer)
    returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_today constant date := (now() at time zone 'utc')::date;
    v_plan text;
    v_before integer;
    v_new integer;
    v_games jsonb;
begin
    -- A user's submissions wait for each other here: no two of them count from the same number.
    insert into public.profiles (user_id) values (p_user_id) on conflict do nothing;
    select plan, case when games_day = v_today then games_stored else 0 end into v_plan, v_before
    from public.profiles where user_id = p_user_id for no key update;

    begin
        v_games := public.add_games_v2(p_user_id, p_games);
        select count(*) into v_new from jsonb_array_elements(v_games) as g (game) where (g.game ->> 'is_new')::boolean;
        if v_new > 0
            and v_before + v_new > (case v_plan when 'premium' then p_premium_per_day else p_free_per_day end)
        then
            raise sqlstate 'KV001' using message = 'more games than the day allows';
        end if;
        update public.profiles set games_day = v_today, games_stored = v_before + v_new
        where user_id = p_user_id and v_new > 0;
    exception when sqlstate 'KV001' then
        -- What add_games_v2 stored is undone; the variables keep what they were given.
        return jsonb_build_object(
            'games', null, 'new', v_new, 'plan', v_plan, 'used', v_before, 'resets_in_s', public.day_ends_in_v1()
        );
    end;
    return jsonb_build_object(
        'games', v_games, 'new', v_new, 'plan', v_plan, 'used', v_before + v_new,
        'resets_in_s', public.day_ends_in_v1()
    );
end;
$$;

comment on function public.add_games_v3(uuid, jsonb, integer, integer) is
    'add_games_v2 within the day''s number of new games of the user''s plan: {games, new, plan, used, resets_in_s}; '
    'games is null, and nothing is stored, when the new ones would be more than that.';
revoke execute on function public.add_games_v3(uuid, jsonb, integer, integer) from public, anon, authenticated;
grant execute on function public.add_games_v3(uuid, jsonb, integer, integer) to service_role;
