-- Why: a request waits for each call that it makes. What one route asks for one thing after the other, it now asks at once.

create function public.request_analysis_v1(p_user_id uuid, p_game_id uuid) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_requested jsonb;
begin
    v_requested := public.request_analyses_v2(p_user_id, array[p_game_id]) -> 0;
    if v_requested is null then
        return null;
    end if;
    return jsonb_build_object('requested', v_requested, 'game', public.read_analysis_v2(p_user_id, p_game_id, true));
end;
$$;

comment on function public.request_analysis_v1(uuid, uuid) is
    'Asks for the analysis of one of the user''s games as request_analyses_v2 does, and reads it as read_analysis_v2 does: '
    '{requested, game}, null when there is no such game.';
revoke execute on function public.request_analysis_v1(uuid, uuid) from public, anon, authenticated;
grant execute on function public.request_analysis_v1(uuid, uuid) to service_role;


create function public.count_for_operators_v1(p_days integer) returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select jsonb_build_object(
        'dead_letters', public.count_dead_letters_v1(), 'feedback', public.count_feedback_v1(p_days)
    )
$$;

comment on function public.count_for_operators_v1(integer) is
    'What operators look at, as count_dead_letters_v1 and count_feedback_v1 count it: {dead_letters, feedback}.';
revoke execute on function public.count_for_operators_v1(integer) from public, anon, authenticated;
grant execute on function public.count_for_operators_v1(integer) to service_role;
