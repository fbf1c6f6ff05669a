-- Why: a user who leaves may want the account to go with the data. Accounts are rows of the auth server's table, in which
-- service_role has no rights, and its admin API would take a second key and a second call that can fail in between.

-- `security definer`: the owner of the project's functions may delete from auth.users; only the service may call it.
create function public.delete_account_v1(p_user_id uuid) returns jsonb
    language plpgsql
    security definer
    set search_path = ''
as $$
declare
    v_jobs jsonb;
begin
    v_jobs := public.delete_user_data_v1(p_user_id);
    -- Sessions, identities and refresh tokens hang on it and go as well.
    delete from auth.users where id = p_user_id;
    return v_jobs;
end;
$$;

comment on function public.delete_account_v1(uuid) is
    'Deletes everything of a user and the account; answers {game_id, generation} of what the queue must forget.';
revoke execute on function public.delete_account_v1(uuid) from public, anon, authenticated;
grant execute on function public.delete_account_v1(uuid) to service_role;
