-- Why: a user's plan decides how early their games are analysed. It must live where the user cannot write:
-- Supabase lets users edit the metadata of their own account, so the plan has a table of its own.

create table public.profiles (
    user_id uuid primary key references auth.users (id) on delete cascade,
    plan text not null default 'free' check (plan in ('free', 'premium')),
    created_at timestamptz not null default now()
);

comment on table public.profiles is
    'One row for each user, made when they sign up. A user without a row counts as free.';
comment on column public.profiles.user_id is 'The account, and the key.';
comment on column public.profiles.plan is 'free or premium; changed by the operator only.';
comment on column public.profiles.created_at is 'When the profile was made.';

alter table public.profiles enable row level security;

create policy "Users read their own profile" on public.profiles
    for select to authenticated using ((select auth.uid()) = user_id);

-- A hosted project grants everything on a new table to anon and authenticated: take it back, give what is meant.
revoke all on table public.profiles from public, anon, authenticated;
grant select on table public.profiles to authenticated;
grant select, insert, update, delete on table public.profiles to service_role;

-- `security definer`: the trigger fires as the auth server's role, which has no rights on our tables.
create function public.create_profile() returns trigger
    language plpgsql
    security definer
    set search_path = ''
as $$
begin
    insert into public.profiles (user_id) values (new.id) on conflict do nothing;
    return new;
end;
$$;

comment on function public.create_profile() is 'Trigger: gives a new account its profile.';
revoke execute on function public.create_profile() from public, anon, authenticated;

create trigger create_profile after insert on auth.users
    for each row execute function public.create_profile();

-- Accounts that were there before this migration.
insert into public.profiles (user_id) select id from auth.users on conflict do nothing;
