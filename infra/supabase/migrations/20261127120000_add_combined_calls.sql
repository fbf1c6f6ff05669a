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


create function public.add_games_v4(
    p_user_id uuid, p_games jsonb, p_free_per_day integer, p_premium_per_day integer, p_begin_at_most integer
) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_added jsonb;
    v_batch jsonb;
begin
    v_added := public.add_games_v3(p_user_id, p_games, p_free_per_day, p_premium_per_day);
    if p_begin_at_most is not null and jsonb_typeof(v_added -> 'games') = 'array' then
        v_batch := public.start_batch_v1(
            p_user_id,
            array(
                select (g.game ->> 'game_id')::uuid
                from jsonb_array_elements(v_added -> 'games') with ordinality as g (game, position)
                order by g.position
            ),
            p_begin_at_most
        );
    end if;
    return v_added || jsonb_build_object('batch', v_batch);
end;
$$;

comment on function public.add_games_v4(uuid, jsonb, integer, integer, integer) is
    'add_games_v3, and under `batch` what start_batch_v1 answers on the first p_begin_at_most of the games; null for null.';
revoke execute on function public.add_games_v4(uuid, jsonb, integer, integer, integer) from public, anon, authenticated;
grant execute on function public.add_games_v4(uuid, jsonb, integer, integer, integer) to service_role;
