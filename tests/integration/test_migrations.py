"""The migrations on a database with a hosted project's default grants, before any server changed them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from infra.local.supabase import MIGRATIONS, SupabaseServer
from tests.support.hosted_database import EARLY_USER, the_database
from tests.support.supabase import run_sql

FILES = sorted(MIGRATIONS.glob("*.sql"))


@pytest.fixture(scope="module")
def database() -> SupabaseServer:
    return the_database()


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


def test_every_table_and_column_says_what_it_is(database: SupabaseServer) -> None:
    silent = """
        select c.relname || coalesce('.' || a.attname, '') as name
        from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
            and (col_description(c.oid, a.attnum) is null or obj_description(c.oid) is null)
    """
    assert values(database, silent) == []


def test_of_all_tables_realtime_tells_of_analyses_only(database: SupabaseServer) -> None:
    published = "select schemaname || '.' || tablename as name from pg_publication_tables"
    assert values(database, published) == ["public.analyses"]


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
        select public.start_batch_v1('{user_id}', array['{game_id}'::uuid], 10);
        select public.give_feedback_v1('{user_id}', '{game_id}', 5, 'good');
        create temporary table saved as select count(*) as moves from public.analysis_moves;
        delete from auth.users where id = '{user_id}';
        select (select moves from saved) as moves_before,
            (select count(*) from public.analysis_moves) as moves,
            (select count(*) from public.analyses) as analyses,
            (select count(*) from public.feedback) as feedback,
            (select count(*) from public.batches) + (select count(*) from public.batch_games) as batches,
            (select count(*) from public.games) as games,
            (select count(*) from public.profiles where user_id = '{user_id}') as profiles
        """,
    )
    assert left == [
        {"moves_before": 1, "moves": 0, "analyses": 0, "feedback": 0, "batches": 0, "games": 0, "profiles": 0}
    ]


INDEXES_OF_QUERIES = {
    "games_newest_first": """
        select id from public.games
        where user_id = '00000000-0000-4000-8000-000000000001' and created_at <= now()
        order by created_at desc, id desc limit 50
    """,
    "games_by_day": f"""
        select id from public.games
        where user_id = '{EARLY_USER}' and (played_day, id) < ('1956-10-17', '{EARLY_USER}')
            and (strpos(lower(white), 'byrne') > 0 or strpos(lower(black), 'byrne') > 0)
        order by played_day desc, id desc limit 50
    """,
    "games_by_length": f"""
        select id from public.games
        where user_id = '{EARLY_USER}' and (ply_count, id) > (40, '{EARLY_USER}')
            and analysis_phase is not null
        order by ply_count, id limit 50
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
