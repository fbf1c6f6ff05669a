"""Grants, policies and functions as the database's catalogue has them, on a hosted project's default grants.

Locally the server grants every table to everybody at its start, so that test_rls.py sees row level security
alone. Here are the other locks: what the migrations left of a project's generous defaults.
"""

from __future__ import annotations

import tomllib

import pytest

from infra.local.supabase import INFRA
from tests.support.access_problems import OWN_ROWS, problems
from tests.support.catalogue import Catalogue
from tests.support.hosted_database import the_database

FLAWS = {
    "create table public.forgotten (user_id uuid primary key)": [
        "table forgotten has no line in tests/support/access.py",
        "table forgotten has no row level security",
        "table forgotten has no policy",
        "table forgotten: anon was granted read",
        "table forgotten: authenticated was granted TRUNCATE",
    ],
    "alter table public.games disable row level security": ["table games has no row level security"],
    "grant update (white) on public.games to authenticated": [
        "table games: authenticated was granted update"
    ],
    "grant select on public.games to public": ["table games: anon was granted read"],
    "revoke delete on public.games from service_role": ["table games: service_role lacks delete"],
    'drop policy "Users read their own profile" on public.profiles': ["table profiles has no policy"],
    'create policy "A" on public.analyses for select to authenticated using (true)': [
        "table analyses: policy 'A' is for other rows than one's own"
    ],
    f'create policy "B" on public.analyses for select using {OWN_ROWS}': [
        "table analyses: policy 'B' is for public"
    ],
    f'create policy "C" on public.analyses for all to authenticated using {OWN_ROWS}': [
        "table analyses: policy 'C' lets users all"
    ],
    "create view public.all_games as select * from public.games": [
        "view all_games: it reads with its owner's rights and must have security_invoker",
        "view all_games: anon may DELETE",
    ],
    "create materialized view public.cached as select 1 as one": [
        "materialized view cached: row level security does not hold for it"
    ],
    "create sequence public.counter": ["sequence counter: anon may SELECT, UPDATE, USAGE"],
    "create function public.helper() returns integer language sql security definer as 'select 1'": [
        "function helper has no line in tests/support/access.py",
        "function helper: anon may call it",
        "function helper runs as its definer",
        "function helper has no fixed and empty search path",
        "function helper does not say what it is for",
        "function helper has no version",
    ],
    "alter function public.redrive_v1(uuid[]) security definer": ["function redrive_v1 runs as its definer"],
    "alter function public.add_games_v1(uuid, jsonb) set search_path = public": [
        "function add_games_v1 has no fixed and empty search path"
    ],
    "grant execute on function public.is_writable_v1() to authenticated": [
        "function is_writable_v1: authenticated may call it"
    ],
    "revoke execute on function public.priority_of_v1(uuid, boolean) from service_role": [
        "function priority_of_v1: service_role may not call it"
    ],
    "drop function public.save_phase_v2(uuid, integer, text, jsonb, jsonb, text, text, boolean, jsonb)": [
        "function save_phase_v2 has a line in tests/support/access.py and does not exist"
    ],
}
"""What a migration could do wrong, and what is then said of it."""


def test_everything_is_granted_as_it_was_meant() -> None:
    assert problems(Catalogue.of(the_database())) == []


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What is said of a database with every flaw at once."""
    return problems(Catalogue.of(the_database(), ";".join(FLAWS)))


@pytest.mark.parametrize("flaw", FLAWS)
def test_what_a_migration_could_do_wrong_is_found(said: list[str], flaw: str) -> None:
    for problem in FLAWS[flaw]:
        assert [one for one in said if one.startswith(problem)], problem


def test_nothing_is_found_where_there_is_no_flaw(said: list[str]) -> None:
    """The flaws are found one by one, not because everything looks wrong."""
    innocent = ("analysis_moves", "cancel_analysis_v1", "read_analysis_v1", "dead_letters_v1")
    assert not [one for one in said if any(name in one for name in innocent)]


def test_no_other_schema_is_served() -> None:
    """The catalogue is read of `public` alone: what is elsewhere must not be reachable."""
    config = tomllib.loads((INFRA / "supabase" / "config.toml").read_text())
    assert config["api"]["schemas"] == ["public"]
