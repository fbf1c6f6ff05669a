"""Every role × table × operation × own or foreign row, on a real server: allowed and denied both asserted.

What is expected is one page, tests/support/access.py; what there is to try comes from the catalogue.
The data API is asked as a browser would ask it. Denied means: nothing seen, nothing changed, whether the
answer is an error (as on a hosted project, by grants) or an empty list (by row level security alone).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from infra.local.supabase import SupabaseServer
from tests.support import access
from tests.support.access import Cell
from tests.support.catalogue import Catalogue
from tests.support.hosted_database import the_database
from tests.support.sample_rows import SAMPLES, planted
from tests.support.supabase import SignedIn, rest, sign_up, the_server

DENIED = "42501"
NEEDED = {"p_at_most": 0, "p_limit": 0, "p_sort": "-created_at"}
"""Arguments that cannot be null."""
INTEGRITY_VIOLATION = "23"
"""Class of errors of a function that was called, and given nothing for what it stores."""
"""insufficient_privilege: what both locks answer."""


@dataclass(frozen=True)
class Scene:
    """Three users, one of them an operator."""

    server: SupabaseServer
    catalogue: Catalogue
    people: dict[str, SignedIn]

    def role(self, name: str) -> str | SignedIn:
        return self.people.get(name, name)

    def holder(self, role: str, row: str) -> SignedIn:
        """Whose row it is: the role's own, or somebody else's."""
        if row == "own":
            return self.people[role]
        return self.people["other" if role == "owner" else "owner"]

    def find(self, table: str, row: dict[str, Any]) -> dict[str, str]:
        """The filter that finds a row by its key."""
        return {column: f"eq.{row[column]}" for column in self.catalogue.tables()[table]}

    def stored(self, table: str, row: dict[str, Any]) -> list[dict[str, Any]]:
        """What is there under the row's key, as the service sees it."""
        answer = rest(self.server, "GET", table, params=self.find(table, row))
        assert answer.status_code == 200, answer.text
        return list(answer.json())


@pytest.fixture(scope="module")
def scene() -> Scene:
    server = the_server()
    people = {role: sign_up(server) for role in access.USERS}
    server.make_operator(people["operator"].id)
    return Scene(server, Catalogue.of(the_database()), people)


def assert_denied(answer: httpx.Response) -> None:
    """Refused by either lock, or as if there were no such row."""
    if answer.is_success:
        assert answer.json() == []
    else:
        assert answer.status_code in (401, 403), answer.text
        assert answer.json()["code"] == DENIED


def test_every_table_has_its_lines_and_a_row_to_try(scene: Scene) -> None:
    assert set(scene.catalogue.tables()) == access.tables() == set(SAMPLES)


def test_the_matrix_is_whole() -> None:
    """Both answers, each role and each operation for every table, own and foreign."""
    for table in access.tables():
        asked = {(cell.role, cell.row, cell.operation) for cell in access.cells() if cell.table == table}
        whose = [(role, row) for role in access.USERS for row in ("own", "foreign")]
        whose += [("anonymous", "foreign"), ("service", "foreign")]
        assert asked == {(*one, operation) for one in whose for operation in access.OPERATIONS.values()}
    assert {cell.is_allowed for cell in access.cells()} == {True, False}


@pytest.mark.parametrize("cell", access.cells(), ids=str)
def test_rights(scene: Scene, cell: Cell) -> None:
    {"create": try_create, "read": try_read, "update": try_update, "delete": try_delete}[cell.operation](
        scene, cell
    )


def try_create(scene: Scene, cell: Cell) -> None:
    row = SAMPLES[cell.table].new(scene.server, scene.holder(cell.role, cell.row))
    assert scene.stored(cell.table, row) == []
    answer = rest(scene.server, "POST", cell.table, role=scene.role(cell.role), body=row)
    if cell.is_allowed:
        assert answer.status_code == 201, answer.text
    else:
        assert not answer.is_success
        assert_denied(answer)
    assert len(scene.stored(cell.table, row)) == cell.is_allowed
    if cell.table == "profiles" and not cell.is_allowed:
        rest(scene.server, "POST", "profiles", body=row).raise_for_status()


def try_read(scene: Scene, cell: Cell) -> None:
    row = planted(scene.server, cell.table, scene.holder(cell.role, cell.row))
    params = scene.find(cell.table, row)
    answer = rest(scene.server, "GET", cell.table, role=scene.role(cell.role), params=params)
    if cell.is_allowed:
        assert answer.json() == [row]
    else:
        assert_denied(answer)


def try_update(scene: Scene, cell: Cell) -> None:
    row = planted(scene.server, cell.table, scene.holder(cell.role, cell.row))
    params, change = scene.find(cell.table, row), SAMPLES[cell.table].change
    answer = rest(scene.server, "PATCH", cell.table, role=scene.role(cell.role), params=params, body=change)
    [stored] = scene.stored(cell.table, row)
    if cell.is_allowed:
        assert answer.json() == [stored]
        assert {column: stored[column] for column in change} == change
    else:
        assert_denied(answer)
        assert stored == row


def try_delete(scene: Scene, cell: Cell) -> None:
    row = planted(scene.server, cell.table, scene.holder(cell.role, cell.row))
    params = scene.find(cell.table, row)
    answer = rest(scene.server, "DELETE", cell.table, role=scene.role(cell.role), params=params)
    if cell.is_allowed:
        assert answer.json() == [row]
        assert scene.stored(cell.table, row) == []
        if cell.table == "profiles":
            rest(scene.server, "POST", "profiles", body=row).raise_for_status()
    else:
        assert_denied(answer)
        assert scene.stored(cell.table, row) == [row]


@pytest.mark.parametrize("table", sorted(access.tables()))
def test_without_a_filter_one_sees_ones_own_rows_and_no_others(scene: Scene, table: str) -> None:
    for user in scene.people.values():
        planted(scene.server, table, user)
    for role in access.USERS:
        answer = rest(scene.server, "GET", table, role=scene.role(role))
        seen = {row["user_id"] for row in answer.json()} if answer.is_success else set()
        may_read = Cell(role, table, "own", "read", True) in access.cells()
        assert seen == ({scene.people[role].id} if may_read else set())
    assert_denied(rest(scene.server, "GET", table, role="anonymous"))


@pytest.mark.parametrize("table", ["analyses", "analysis_moves"])
def test_nobody_hangs_a_row_of_their_own_on_anothers_game(scene: Scene, table: str) -> None:
    row = {**SAMPLES[table].new(scene.server, scene.people["owner"]), "user_id": scene.people["other"].id}
    assert_denied(rest(scene.server, "POST", table, role=scene.people["other"], body=row))
    assert scene.stored(table, row) == []


@pytest.mark.parametrize("name", access.callers())
def test_functions_are_called_by_those_who_may_and_by_nobody_else(scene: Scene, name: str) -> None:
    """With null for every argument and nothing for how many: rights are looked at before anything is done."""
    [function] = [one for one in scene.catalogue.functions if one["name"] == name]
    values = {name: NEEDED.get(name) for name in function["arguments"]}
    for role in access.ROLES:
        answer = rest(scene.server, "POST", f"rpc/{name}", role=scene.role(role), body=values)
        if function["is_trigger"]:
            assert not answer.is_success, f"{role} fired {name}"
        elif role in access.callers()[name]:
            is_called = answer.is_success or answer.json()["code"].startswith(INTEGRITY_VIOLATION)
            assert is_called, f"{role} may call {name}: {answer.text}"
        else:
            assert answer.status_code in (401, 403), f"{role} called {name}: {answer.text}"
            assert answer.json()["code"] == DENIED


def test_the_one_function_for_users_shows_only_their_own(scene: Scene) -> None:
    owner = scene.people["owner"]
    game_id = planted(scene.server, "analyses", owner)["game_id"]
    values = {"p_user_id": owner.id, "p_game_id": game_id, "p_with_moves": True}
    for role in access.USERS:
        shown = rest(scene.server, "POST", "rpc/read_analysis_v1", role=scene.role(role), body=values).json()
        if role == "owner":
            assert shown["id"] == game_id
        else:
            assert shown is None, "whoever's id they name"
