"""The migrations on a database with a hosted project's default grants, before any server changed them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.supabase import MIGRATIONS, SupabaseServer
from tests.support.supabase import run_sql

EARLY_USER = "00000000-0000-4000-8000-00000000ea41"

LIKE_A_HOSTED_PROJECT = f"""
alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
insert into auth.users (id, email) values ('{EARLY_USER}', 'early@example.org');
"""
"""What a project does before the first migration of ours; and somebody had signed up already."""

FILES = sorted(MIGRATIONS.glob("*.sql"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SupabaseServer]:
    migrations = tmp_path_factory.mktemp("migrations")
    (migrations / "20000101000000_be_like_a_hosted_project.sql").write_text(LIKE_A_HOSTED_PROJECT)
    for file in FILES:
        shutil.copy(file, migrations)
    server = SupabaseServer(migrations=migrations)
    server.migrate()
    yield server
    server.stop()


def values(database: SupabaseServer, sql: str) -> list[Any]:
    """The only column of a query's rows."""
    return [next(iter(row.values())) for row in run_sql(database, sql)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_migration_has_a_time_a_verb_and_a_reason(file: Path) -> None:
    assert re.fullmatch(r"20\d{12}_(create|add|drop|change|rename|fill)_[a-z_]+\.sql", file.name)
    assert file.read_text().startswith("-- Why: ")


def test_no_two_migrations_have_the_same_time() -> None:
    times = [file.name[:14] for file in FILES]
    assert len(set(times)) == len(times)


def test_every_table_has_row_level_security_and_a_policy(database: SupabaseServer) -> None:
    open_tables = """
        select c.relname from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and (not c.relrowsecurity or not exists (select from pg_policy p where p.polrelid = c.oid))
    """
    assert values(database, open_tables) == []


def test_policies_let_users_read_their_own_rows_and_nothing_else(database: SupabaseServer) -> None:
    policies = run_sql(database, "select * from pg_policies where schemaname = 'public'")
    assert len(policies) == 4
    for policy in policies:
        assert policy["policyname"].startswith("Users read ")
        assert policy["cmd"] == "SELECT"
        assert policy["roles"] in ("{authenticated}", ["authenticated"])
        # The subselect is evaluated once for the query, a bare auth.uid() once for each row.
        assert policy["qual"] == "(( SELECT auth.uid() AS uid) = user_id)"


def test_what_policies_and_foreign_keys_look_up_is_indexed(database: SupabaseServer) -> None:
    unindexed = """
        with wanted as (
            select conrelid as relation, conkey[1] as attribute from pg_constraint
            where contype = 'f' and connamespace = 'public'::regnamespace
            union
            select a.attrelid, a.attnum from pg_attribute a join pg_policy p on p.polrelid = a.attrelid
            where a.attname = 'user_id'
        )
        select relation::regclass || '.' || attribute as missing from wanted
        where not exists (
            select from pg_index i
            where i.indrelid = relation and i.indkey[0] = attribute and i.indpred is null
        )
    """
    assert values(database, unindexed) == []


def test_grants_on_tables_are_what_was_meant(database: SupabaseServer) -> None:
    """A hosted project grants all on each new table to anyone: the migrations must have taken it back."""
    grants = run_sql(
        database,
        """
        select grantee::text, table_name::text, array_agg(privilege_type::text order by 1) as rights
        from information_schema.role_table_grants
        where table_schema = 'public' and grantee in ('anon', 'authenticated', 'PUBLIC')
        group by 1, 2
        """,
    )
    assert {row["grantee"] for row in grants} == {"authenticated"}
    assert all(row["rights"] == ["SELECT"] for row in grants)
    assert len(grants) == 4


def test_functions_are_the_services_alone_and_fix_their_search_path(database: SupabaseServer) -> None:
    functions = run_sql(
        database,
        """
        select f.proname::text as name, f.prosecdef as is_definer, f.proconfig[1] as setting,
            f.prorettype = 'trigger'::regtype as is_trigger,
            has_function_privilege('anon', f.oid, 'execute') as anon_may,
            has_function_privilege('authenticated', f.oid, 'execute') as user_may,
            has_function_privilege('service_role', f.oid, 'execute') as service_may,
            obj_description(f.oid) is not null as has_comment
        from pg_proc f where f.pronamespace = 'public'::regnamespace
        """,
    )
    assert len(functions) == 18
    for function in functions:
        name = function["name"]
        assert function["setting"] == 'search_path=""', name
        assert function["has_comment"], name
        assert not function["anon_may"], name
        assert function["user_may"] is (name == "read_analysis_v1"), name
        assert function["is_definer"] is (name == "create_profile"), (
            "only the trigger needs its owner's rights"
        )
        if not function["is_trigger"]:
            assert re.search(r"_v\d+$", name), "code of two releases calls it during a deployment"
            assert function["service_may"], name


def test_every_table_and_column_says_what_it_is(database: SupabaseServer) -> None:
    silent = """
        select c.relname || coalesce('.' || a.attname, '') as name
        from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)
    """
    assert values(database, silent) == []


def test_accounts_from_before_have_a_profile_too(database: SupabaseServer) -> None:
    assert values(database, f"select plan from public.profiles where user_id = '{EARLY_USER}'") == ["free"]


def test_priorities_from_before_keep_their_order(tmp_path: Path) -> None:
    """0 was the one of everybody without a plan, any other number that of premium users."""
    for file in FILES:
        if file.name < "20261124":
            shutil.copy(file, tmp_path)
    server = SupabaseServer(migrations=tmp_path)
    try:
        server.migrate()
        run_sql(
            server,
            f"""
            insert into auth.users (id, email) values ('{EARLY_USER}', 'early@example.org');
            insert into public.games (user_id, pgn, start_fen, moves, ply_count, content_hash)
                select '{EARLY_USER}', '*', '8/8', '', 0, number::text from generate_series(0, 2) as number;
            insert into public.analyses (game_id, user_id, priority)
                select id, user_id, (array[0, 1, 10])[content_hash::integer + 1] from public.games;
            """,
        )
        for file in FILES:
            shutil.copy(file, tmp_path)
        server.migrate()
        now = "select priority from public.analyses join public.games on id = game_id order by content_hash"
        assert values(server, now) == [2, 3, 3]
    finally:
        server.stop()


def test_deleting_an_account_deletes_all_that_hangs_on_it(database: SupabaseServer) -> None:
    user_id, game_id = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
    left = run_sql(
        database,
        f"""
        begin;
        insert into auth.users (id, email) values ('{user_id}', 'x@example.org');
        insert into public.games (id, user_id, pgn, start_fen, moves, ply_count, content_hash) values
            ('{game_id}', '{user_id}', '*', '8/8', 'e2e4', 1, '');
        select public.start_analyses_v2(array['{game_id}'::uuid], false);
        select public.save_phase_v3('{game_id}', 1, 'initial', '{{}}',
            '[{{"ply": 1, "san": "e4", "uci": "e2e4", "fen": "8/8", "variation": []}}]',
            'Stockfish', 'depth 8', false, '{{}}');
        create temporary table saved as select count(*) as moves from public.analysis_moves;
        delete from auth.users where id = '{user_id}';
        select (select moves from saved) as moves_before,
            (select count(*) from public.analysis_moves) as moves,
            (select count(*) from public.analyses) as analyses,
            (select count(*) from public.games) as games,
            (select count(*) from public.profiles where user_id = '{user_id}') as profiles
        """,
    )
    assert left == [{"moves_before": 1, "moves": 0, "analyses": 0, "games": 0, "profiles": 0}]


INDEXES_OF_QUERIES = {
    "games_newest_first": """
        select id from public.games
        where user_id = '00000000-0000-4000-8000-000000000001' and created_at <= now()
        order by created_at desc, id desc limit 50
    """,
    "games_never_asked_for": """
        select id from public.games where queue_status is null order by created_at, id limit 100
    """,
    "analyses_unfinished": """
        select game_id from public.analyses where state in ('queued', 'running')
        order by requested_at, game_id limit 500
    """,
    "analyses_degraded": """
        select game_id from public.analyses where state = 'done' and degraded
        order by generation - report_generation, finished_at, game_id limit 20
    """,
    "analyses_failed": f"""
        select game_id from public.analyses
        where state = 'failed' and (finished_at, game_id) < (now(), '{EARLY_USER}')
        order by finished_at desc, game_id desc limit 50
    """,
    "analysis_moves_pkey": f"""
        select * from public.analysis_moves where game_id = '{EARLY_USER}' order by ply
    """,
}


@pytest.mark.parametrize("index", INDEXES_OF_QUERIES)
def test_frequent_queries_are_served_by_an_index_without_sorting(
    database: SupabaseServer, index: str
) -> None:
    """With the ways out closed that only pay while a table is nearly empty."""
    only_indexes = "set enable_seqscan = off; set enable_bitmapscan = off; explain "
    plan = "\n".join(values(database, only_indexes + INDEXES_OF_QUERIES[index]))
    assert f"using {index}" in plan
    assert "Sort" not in plan
