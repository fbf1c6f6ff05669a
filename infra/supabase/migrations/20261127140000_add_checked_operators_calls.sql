-- Why: a request waits for each call that it makes. Whether somebody is an operator was a call of its own before each of
-- theirs, and cancelling read the analysis afterwards with another. Both are part of the one call now; and what an
-- operator is given or does is decided in the same transaction as whether they are one.
--
-- The functions of before stay for what runs while this is deployed.

create function public.cancel_analysis_v2(p_user_id uuid, p_game_id uuid) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_cancelled jsonb;
begin
    v_cancelled := public.cancel_analysis_v1(p_user_id, p_game_id);
    -- A second statement, to see what the first one did.
    return v_cancelled || jsonb_build_object('game', public.read_analysis_v2(p_user_id, p_game_id, false));
end;
$$;

comment on function public.cancel_analysis_v2(uuid, uuid) is
    'cancel_analysis_v1, and under `game` what read_analysis_v2 says of the game afterwards, without its report.';
revoke execute on function public.cancel_analysis_v2(uuid, uuid) from public, anon, authenticated;
grant execute on function public.cancel_analysis_v2(uuid, uuid) to service_role;


create function public.is_operator_v1(p_user_id uuid) returns boolean
    language sql
    stable
    set search_path = ''
as $$
    select exists (select from public.profiles where user_id = p_user_id and is_operator)
$$;

comment on function public.is_operator_v1(uuid) is 'Whether a user is an operator; false for unknown ones.';
revoke execute on function public.is_operator_v1(uuid) from public, anon, authenticated;
grant execute on function public.is_operator_v1(uuid) to service_role;


create function public.count_for_operators_v2(p_operator_id uuid, p_days integer) returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select case when public.is_operator_v1(p_operator_id) then public.count_for_operators_v1(p_days) end
$$;

comment on function public.count_for_operators_v2(uuid, integer) is
    'count_for_operators_v1 for an operator, null for everybody else.';
revoke execute on function public.count_for_operators_v2(uuid, integer) from public, anon, authenticated;
grant execute on function public.count_for_operators_v2(uuid, integer) to service_role;


create function public.dead_letters_v2(
    p_operator_id uuid,
    p_at_most integer,
    p_before_failed_at timestamptz default null,
    p_before_game_id uuid default null
) returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select case when public.is_operator_v1(p_operator_id)
        then public.dead_letters_v1(p_at_most, p_before_failed_at, p_before_game_id) end
$$;

comment on function public.dead_letters_v2(uuid, integer, timestamptz, uuid) is
    'dead_letters_v1 for an operator, null for everybody else.';
revoke execute on function public.dead_letters_v2(uuid, integer, timestamptz, uuid) from public, anon, authenticated;
grant execute on function public.dead_letters_v2(uuid, integer, timestamptz, uuid) to service_role;


create function public.redrive_v2(p_operator_id uuid, p_game_ids uuid[]) returns jsonb
    language plpgsql
    set search_path = ''
as $$
begin
    if not public.is_operator_v1(p_operator_id) then
        return null;
    end if;
    return public.redrive_v1(p_game_ids);
end;
$$;

comment on function public.redrive_v2(uuid, uuid[]) is
    'redrive_v1 for an operator; for everybody else it does nothing and answers null.';
revoke execute on function public.redrive_v2(uuid, uuid[]) from public, anon, authenticated;
grant execute on function public.redrive_v2(uuid, uuid[]) to service_role;
