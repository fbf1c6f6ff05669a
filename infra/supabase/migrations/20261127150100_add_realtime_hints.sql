-- Why: a browser that hears of a saved phase at once asks for it at once, instead of at its next turn. Supabase Realtime
-- tells it of changes of `analyses`, of rows that row level security lets its user read. Only where the project has
-- Realtime: without its publication there is nothing to do, and the page polls as before.

do $$
begin
    if exists (select from pg_publication where pubname = 'supabase_realtime' and not puballtables)
        and not exists (
            select from pg_publication_tables
            where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = 'analyses'
        )
    then
        alter publication supabase_realtime add table public.analyses;
    end if;
end;
$$;
