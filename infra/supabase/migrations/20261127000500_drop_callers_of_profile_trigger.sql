-- Why: a function that runs with its owner's rights should have no caller but its trigger. A hosted project grants
-- each new function to service_role by default, which the function's own migration left in place.

revoke execute on function public.create_profile() from service_role;
