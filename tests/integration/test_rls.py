"""Who may do what with which row: every role, table and operation, allowed and denied both asserted.

The data API is asked as a browser would ask it. Denied means: nothing seen, nothing changed, whether the
answer is an error (as on a hosted project, by grants) or an empty list (row level security alone).
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from infra.local.http import request
from infra.local.supabase import MIGRATIONS, SupabaseServer
from knight_vision.adapters.supabase.client import open_http
from knight_vision.adapters.supabase.store import SupabaseStore
from knight_vision.domain.job import GameId, Priority
from tests.support.supabase import SignedIn, a_move, a_new_game, a_result, rest, sign_up, the_server

OWNER, OTHER, ANONYMOUS, SERVICE = "owner", "other", "anonymous", "service"
OPERATIONS = ("select", "insert", "update", "delete")

MAY = {
    (SERVICE, "profiles"): OPERATIONS,
    (SERVICE, "games"): OPERATIONS,
    (SERVICE, "analyses"): OPERATIONS,
    (SERVICE, "analysis_moves"): OPERATIONS,
    (OWNER, "profiles"): ("select",),
    (OWNER, "games"): ("select",),
    (OWNER, "analyses"): ("select",),
    (OWNER, "analysis_moves"): ("select",),
}
"""All that is allowed on the owner's rows. Whatever is not here is denied."""

TABLES = tuple(dict.fromkeys(table for _, table in MAY))
CHANGES: dict[str, dict[str, Any]] = {
    "profiles": {"plan": "premium", "is_operator": True},
    "games": {"white": "Mallory"},
    "analyses": {"priority": 3},
    "analysis_moves": {"san": "Qxh9"},
}
MATRIX = list(itertools.product((ANONYMOUS, OWNER, OTHER, SERVICE), TABLES, OPERATIONS))


@dataclass
class Scene:
    """An owner with an analysed game, and somebody else."""

    server: SupabaseServer
    store: SupabaseStore
    owner: SignedIn
    other: SignedIn
    game_id: GameId

    def role(self, name: str) -> str | SignedIn:
        return {OWNER: self.owner, OTHER: self.other}.get(name, name)

    def row(self, table: str) -> dict[str, str]:
        """The filter that finds the owner's row of a table."""
        key = {"profiles": "user_id", "games": "id"}.get(table, "game_id")
        found = {key: f"eq.{self.owner.id if table == 'profiles' else self.game_id}"}
        return {**found, "ply": "eq.1"} if table == "analysis_moves" else found

    def read(self, table: str, role: str = SERVICE) -> list[dict[str, Any]]:
        answer = rest(self.server, "GET", table, role=self.role(role), params=self.row(table))
        return list(answer.json()) if answer.is_success else []

    def count(self, table: str) -> int:
        return len(rest(self.server, "GET", table, params={"user_id": f"eq.{self.owner.id}"}).json())


@pytest.fixture(scope="module")
def people() -> Iterator[Scene]:
    server = the_server()
    with open_http() as http:
        store = SupabaseStore(server.url, server.secret_key, http=http)
        yield Scene(server, store, sign_up(server), sign_up(server), GameId(""))


@pytest.fixture
def scene(people: Scene) -> Scene:
    """A fresh game with an analysis and moves, and a profile."""
    people.game_id = people.store.add_games(people.owner.id, [a_new_game()])[0].game_id
    people.store.request_analyses(people.owner.id, [people.game_id])
    people.store.save_phase(a_result(people.game_id))
    if not people.read("profiles"):
        rest(people.server, "POST", "profiles", body={"user_id": people.owner.id}).raise_for_status()
    return people


def a_new_row(scene: Scene, table: str) -> dict[str, Any]:
    """A row for the owner that the table's constraints would take."""
    if table == "profiles":
        rest(scene.server, "DELETE", "profiles", params=scene.row("profiles")).raise_for_status()
        return {"user_id": scene.owner.id, "plan": "premium"}
    if table == "games":
        texts = {"pgn": "*", "start_fen": "8/8", "moves": "", "content_hash": uuid.uuid4().hex}
        return {"user_id": scene.owner.id, "ply_count": 0, **texts}
    if table == "analyses":
        game_id = scene.store.add_games(scene.owner.id, [a_new_game()])[0].game_id
        return {"user_id": scene.owner.id, "game_id": game_id, "priority": 3}
    return {"user_id": scene.owner.id, "game_id": scene.game_id, **a_move(99)}


@pytest.mark.parametrize(("role", "table", "operation"), [case for case in MATRIX if case[2] == "select"])
def test_reading(scene: Scene, role: str, table: str, operation: str) -> None:
    is_allowed = operation in MAY.get((role, table), ())
    assert bool(scene.read(table, role)) is is_allowed
    # The service sees everybody's rows, of which the API gives a thousand: it is asked for the owner's.
    params = {"user_id": f"eq.{scene.owner.id}"} if role == SERVICE else None
    everything = rest(scene.server, "GET", table, role=scene.role(role), params=params)
    rows = everything.json() if everything.is_success else []
    owners = {row["user_id"] for row in rows}
    if role == SERVICE:
        assert scene.owner.id in owners
    else:
        mine = {OWNER: {scene.owner.id}, OTHER: {scene.other.id}}.get(role, set())
        assert owners <= mine, "without a filter only one's own rows are seen"


@pytest.mark.parametrize(("role", "table", "operation"), [case for case in MATRIX if case[2] == "insert"])
def test_inserting(scene: Scene, role: str, table: str, operation: str) -> None:
    row = a_new_row(scene, table)
    before = scene.count(table)
    answer = rest(scene.server, "POST", table, role=scene.role(role), body=row)
    if operation in MAY.get((role, table), ()):
        assert answer.status_code == 201, answer.text
        assert scene.count(table) == before + 1
    else:
        assert answer.status_code in (401, 403), answer.text
        assert answer.json()["code"] == "42501"
        assert scene.count(table) == before


@pytest.mark.parametrize(
    ("role", "table", "operation"), [case for case in MATRIX if case[2] in ("update", "delete")]
)
def test_changing(scene: Scene, role: str, table: str, operation: str) -> None:
    before = scene.read(table)
    assert len(before) == 1
    method, body = ("PATCH", CHANGES[table]) if operation == "update" else ("DELETE", None)
    answer = rest(scene.server, method, table, role=scene.role(role), params=scene.row(table), body=body)
    after = scene.read(table)
    if operation in MAY.get((role, table), ()):
        assert len(answer.json()) == 1, answer.text
        assert after == ([] if operation == "delete" else [{**before[0], **CHANGES[table]}])
    else:
        assert answer.status_code in (401, 403) or answer.json() == [], answer.text
        assert after == before


@pytest.mark.parametrize("table", ["games", "analyses", "analysis_moves"])
def test_nobody_hangs_a_row_of_their_own_on_anothers_game(scene: Scene, table: str) -> None:
    row = {**a_new_row(scene, table), "user_id": scene.other.id}
    answer = rest(scene.server, "POST", table, role=scene.other, body=row)
    assert answer.status_code == 403
    assert answer.json()["code"] == "42501"


def arguments(scene: Scene) -> dict[str, dict[str, Any]]:
    """Every function that code may call, with arguments that it would take."""
    user, game = {"p_user_id": scene.owner.id}, {"p_game_id": scene.game_id}
    result = {"p_phase": "complete", "p_report": {}, "p_moves": [], "p_engine": "x", "p_limit": "x"}
    many = {"p_game_ids": [scene.game_id]}
    save = {**game, "p_generation": 1, "p_is_degraded": True, "p_timings": {}, **result}
    return {
        "add_games_v1": {**user, "p_games": []},
        "describe_analyses_v1": many,
        "priority_of_v1": {**user, "p_is_bulk": True},
        "start_analyses_v2": {**many, "p_is_bulk": True},
        "request_analyses_v2": {**user, **many},
        "request_unannotated_v2": {**user, "p_at_most": 1},
        "request_degraded_v1": {"p_at_most": 1},
        "unfinished_analyses_v1": {"p_older_than_ms": 0, "p_at_most": 1},
        "save_phase_v2": save,
        "save_phase_v3": save,
        "fail_analysis_v1": {**game, "p_generation": 1, "p_reason": "x"},
        "cancel_analysis_v1": {**user, **game},
        "dead_letters_v1": {"p_at_most": 1},
        "count_dead_letters_v1": {},
        "redrive_v1": many,
        "is_writable_v1": {},
        "read_analysis_v1": {**user, **game, "p_with_moves": True},
    }


def test_functions_that_write_are_the_services_alone(scene: Scene) -> None:
    before = [scene.read(table) for table in TABLES]
    for name, values in arguments(scene).items():
        for role in (ANONYMOUS, OWNER, OTHER):
            if name == "read_analysis_v1" and role != ANONYMOUS:
                continue
            answer = rest(scene.server, "POST", f"rpc/{name}", role=scene.role(role), body=values)
            assert answer.status_code in (401, 403), f"{role} called {name}: {answer.text}"
            assert answer.json()["code"] == "42501"
    assert [scene.read(table) for table in TABLES] == before


def test_the_one_function_for_users_shows_only_their_own(scene: Scene) -> None:
    values = arguments(scene)["read_analysis_v1"]
    shown = rest(scene.server, "POST", "rpc/read_analysis_v1", role=scene.owner, body=values)
    assert shown.json()["id"] == scene.game_id
    hidden = rest(scene.server, "POST", "rpc/read_analysis_v1", role=scene.other, body=values)
    assert hidden.status_code == 200
    assert hidden.json() is None


def test_the_tables_and_functions_tried_here_are_all_there_are(scene: Scene) -> None:
    sql = "".join(path.read_text() for path in MIGRATIONS.glob("*.sql"))
    assert set(re.findall(r"create table public\.(\w+)", sql)) == set(TABLES)
    created = set(re.findall(r"create function public\.(\w+)", sql))
    dropped = set(re.findall(r"drop function public\.(\w+)", sql))
    triggers = {"create_profile"}
    assert created - dropped == set(arguments(scene)) | triggers


def test_users_cannot_make_themselves_premium_or_operators(people: Scene) -> None:
    """Supabase lets users edit the metadata of their own account: no plan and no right is read from there."""
    user = sign_up(people.server)
    edited = request(
        "PUT",
        f"{people.server.url}/auth/v1/user",
        headers={"apikey": people.server.publishable_key, "Authorization": f"Bearer {user.token}"},
        json={"data": {"plan": "premium", "is_operator": True}},
    )
    assert edited.json()["user_metadata"]["plan"] == "premium", edited.text
    game_id = people.store.add_games(user.id, [a_new_game()])[0].game_id
    [requested] = people.store.request_analyses(user.id, [game_id])
    assert requested.priority is Priority.STANDARD
    assert not people.store.is_operator(user.id)
