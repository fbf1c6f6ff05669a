"""What the database itself says of its tables, views, sequences and functions, and who may use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.local.supabase import SupabaseServer
from tests.support.supabase import run_sql

RELATIONS = """
select
    c.relname::text as name,
    c.relkind::text as kind,
    c.relrowsecurity as is_secured,
    coalesce('security_invoker=true' = any (c.reloptions), false) as is_invoker,
    (
        select array_agg(a.attname::text order by k.position)
        from pg_index i, unnest(i.indkey) with ordinality as k (number, position), pg_attribute a
        where i.indrelid = c.oid and i.indisprimary and a.attrelid = c.oid and a.attnum = k.number
    ) as key,
    (
        select jsonb_object_agg(r.role, (
            select coalesce(jsonb_agg(p.privilege order by p.privilege), '[]')
            from unnest(case when c.relkind = 'S' then array['SELECT', 'UPDATE', 'USAGE'] else array[
                'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'
            ] end) as p (privilege)
            where case
                when c.relkind = 'S' then has_sequence_privilege(r.role, c.oid, p.privilege)
                when has_table_privilege(r.role, c.oid, p.privilege) then true
                when p.privilege in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
                    then has_any_column_privilege(r.role, c.oid, p.privilege)
                else false
            end
        ))
        from unnest(array['anon', 'authenticated', 'service_role']) as r (role)
    ) as rights,
    (
        select coalesce(jsonb_agg(jsonb_build_object(
            'name', p.policyname, 'operation', p.cmd, 'roles', p.roles::text[],
            'expressions', to_jsonb(array_remove(array[p.qual, p.with_check], null))
        )), '[]')
        from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname
    ) as policies
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relkind not in ('i', 'I', 'c', 't')
order by c.relname
"""

FUNCTIONS = """
select
    f.proname::text as name,
    f.prosecdef as is_definer,
    f.proconfig as settings,
    f.prorettype = 'trigger'::regtype as is_trigger,
    coalesce((
        select array_agg(a.name order by a.position)
        from unnest(f.proargnames) with ordinality as a (name, position)
        where f.proargmodes is null or f.proargmodes[a.position] in ('i', 'b', 'v')
    ), '{}') as arguments,
    (
        select array_agg(r.role) from unnest(array['anon', 'authenticated', 'service_role']) as r (role)
        where has_function_privilege(r.role, f.oid, 'execute')
    ) as callers,
    obj_description(f.oid) is not null as has_comment
from pg_proc f
where f.pronamespace = 'public'::regnamespace
order by f.proname
"""


@dataclass(frozen=True)
class Catalogue:
    """Rows of the two queries above."""

    relations: list[dict[str, Any]]
    functions: list[dict[str, Any]]

    @classmethod
    def of(cls, database: SupabaseServer, changes: str = "") -> Catalogue:
        """The catalogue of a database that is not served, after changes, which are not kept."""
        both = f"""
            begin;
            {changes};
            select (select jsonb_agg(to_jsonb(r)) from ({RELATIONS}) as r) as relations,
                (select jsonb_agg(to_jsonb(f)) from ({FUNCTIONS}) as f) as functions
        """
        [row] = run_sql(database, both)
        return cls(row["relations"], row["functions"])

    def tables(self) -> dict[str, list[str]]:
        """The columns of each table's primary key."""
        return {one["name"]: one["key"] for one in self.relations if one["kind"] in "rp"}
