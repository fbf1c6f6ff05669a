-- Why: a database that turned read-only (its disk is full, or a replica took the connection) answers reads as if
-- nothing were wrong. Whoever asks whether the store is back needs to know whether it can be written to.

create function public.is_writable_v1() returns boolean
    language sql
    volatile
    set search_path = ''
as $$
    select current_setting('transaction_read_only') = 'off'
$$;

comment on function public.is_writable_v1() is 'Whether this connection can write.';
revoke execute on function public.is_writable_v1() from public, anon, authenticated;
grant execute on function public.is_writable_v1() to service_role;
