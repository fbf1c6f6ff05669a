"""The SQL of the runbooks in docs/operations.md runs on our schema and does what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.hosted_database import EARLY_USER, the_database
from tests.support.supabase import run_sql

FAILED = "00000000-0000-4000-8000-000000000004"
TEXT = (
    (Path(__file__).parents[2] / "docs/operations.md")
    .read_text()
    .replace("<game id>'`", f"{FAILED}'`")
    .replace("user@example.org", "early@example.org")
)
QUERIES = [" ".join(found.split()) for found in re.findall(r"`(select [^`]+)`", TEXT)]
[OF_ONE_USER] = re.findall(r"```sql\n(select a.game_id.*?)```", TEXT, re.DOTALL)
[MARK] = re.findall(r"```sql\n(update analyses .*?)```", TEXT, re.DOTALL)
DONE_AND_UNDER_WAY = f"""
    insert into public.games (id, user_id, pgn, start_fen, moves, ply_count, content_hash)
    select ('00000000-0000-4000-8000-00000000000' || n)::uuid, '{EARLY_USER}', '', '', '', 0, n::text
    from generate_series(1, 4) as n;
    insert into public.analyses (game_id, user_id, generation, state, phase, finished_phase, report,
                                 report_phase, report_generation, engine, finished_at)
    select ('00000000-0000-4000-8000-00000000000' || n)::uuid, '{EARLY_USER}', 1, 'done', null, 'complete',
           '{{}}', 'complete', 1, case n when 3 then 'Stockfish 18' else 'Stockfish 17.1' end, now()
    from generate_series(1, 3) as n;
    insert into public.analyses (game_id, user_id)
    values ('00000000-0000-4000-8000-000000000004', '{EARLY_USER}');
"""


def rows(script: str) -> list[dict[str, object]]:
    """The last statement's rows, on two done games by one engine, one by the next, and one under way."""
    return run_sql(the_database(), f"begin; {DONE_AND_UNDER_WAY} {script}")


def test_there_are_queries() -> None:
    assert len(QUERIES) == 5


@pytest.mark.parametrize("query", [*QUERIES, OF_ONE_USER])
def test_a_query_answers(query: str) -> None:
    assert rows(query)


def test_engines_are_counted() -> None:
    [query] = [query for query in QUERIES if "engine" in query]
    found = rows(query)
    assert {(row["engine"], row["count"]) for row in found} == {("Stockfish 17.1", 2), ("Stockfish 18", 1)}


def test_reports_of_the_old_engine_are_marked_and_done_again_and_stay_readable() -> None:
    [answer] = rows(f"{MARK} select public.request_degraded_v1(20) as begun")
    assert len(answer["begun"]) == 2  # type: ignore[arg-type]
    left = rows(
        f"{MARK} select state, engine, degraded, generation, report from public.analyses order by game_id"
    )
    assert [row["degraded"] for row in left] == [True, True, False, False]
    assert [row["report"] for row in left[:2]] == [{}, {}]


def test_the_game_that_no_engine_can_do_is_deleted_and_ends_the_alarm() -> None:
    [delete] = [query for query in QUERIES if "delete_game" in query]
    fail = f"select public.fail_analysis_v1('{FAILED}', 1, 'no engine can do it');"
    [before] = rows(f"{fail} select public.count_dead_letters_v1() as kept")
    [after] = rows(f"{fail} {delete}; select public.count_dead_letters_v1() as kept")
    assert (before["kept"], after["kept"]) == (1, 0)


def test_a_users_games_are_found_by_their_address() -> None:
    found = rows(OF_ONE_USER)
    assert {row["game_id"] for row in found if row["state"] == "queued"} == {FAILED}
    assert len(found) == 4
