"""Who may do what in the database: everything that is allowed, on one page. What is not here is denied.

A new table or function needs its lines here, and the table a row to try in tests/support/sample_rows.py.
tests/integration/test_rls.py tries every cell, tests/integration/test_grants.py compares every grant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ROWS = """
table           row      anonymous  owner  other  operator  service
profiles        own      .          -r--   -r--   -r--      .
profiles        foreign  ----       ----   ----   ----      crud
games           own      .          -r--   -r--   -r--      .
games           foreign  ----       ----   ----   ----      crud
analyses        own      .          -r--   -r--   -r--      .
analyses        foreign  ----       ----   ----   ----      crud
analysis_moves  own      .          -r--   -r--   -r--      .
analysis_moves  foreign  ----       ----   ----   ----      crud
feedback        own      .          -r--   -r--   -r--      .
feedback        foreign  ----       ----   ----   ----      crud
batches         own      .          -r--   -r--   -r--      .
batches         foreign  ----       ----   ----   ----      crud
batch_games     own      .          -r--   -r--   -r--      .
batch_games     foreign  ----       ----   ----   ----      crud
"""
"""c create, r read, u update, d delete; a dot where the role has no rows of its own.

Owner and other are two users like any; an operator is one with `is_operator` in the profile, which opens
routes of the API and nothing in the database.
"""

FUNCTIONS = """
function                runs_as  callers
add_games_v1            caller   service
add_games_v2            caller   service
add_games_v3            caller   service
add_games_v4            caller   service
cancel_analysis_v1      caller   service
cancel_analysis_v2      caller   service
count_dead_letters_v1   caller   service
count_feedback_v1       caller   service
count_for_operators_v1  caller   service
count_for_operators_v2  caller   service
create_profile          definer  nobody
day_ends_in_v1          caller   service
dead_letters_v1         caller   service
dead_letters_v2         caller   service
delete_account_v1       definer  service
delete_game_v1          caller   service
delete_user_data_v1     caller   service
describe_analyses_v1    caller   service
export_v1               caller   owner,other,operator,service
fail_analysis_v1        caller   service
give_feedback_v1        caller   service
is_operator_v1          caller   service
is_writable_v1          caller   service
list_games_v1           caller   owner,other,operator,service
list_games_v2           caller   owner,other,operator,service
priority_of_v1          caller   service
read_analysis_v1        caller   owner,other,operator,service
read_analysis_v2        caller   owner,other,operator,service
read_batch_v1           caller   owner,other,operator,service
redrive_v1              caller   service
redrive_v2              caller   service
request_analyses_v2     caller   service
request_analysis_v1     caller   service
request_degraded_v1     caller   service
request_unannotated_v2  caller   service
save_phase_v2           caller   service
save_phase_v3           caller   service
start_analyses_v2       caller   service
start_batch_v1          caller   service
unfinished_analyses_v1  caller   service
usage_v1                caller   service
"""
"""`definer`: with the rights of its owner, who may do anything."""

ROLES = ("anonymous", "owner", "other", "operator", "service")
USERS = ("owner", "other", "operator")
OPERATIONS = {"c": "create", "r": "read", "u": "update", "d": "delete"}
DATABASE_ROLES = {"anonymous": "anon", **dict.fromkeys(USERS, "authenticated"), "service": "service_role"}
"""What each is to Postgres."""


@dataclass(frozen=True)
class Cell:
    """One question of the matrix, and its answer."""

    role: str
    table: str
    row: str
    operation: str
    is_allowed: bool

    def __str__(self) -> str:
        may = "may" if self.is_allowed else "may not"
        return f"{self.role} {may} {self.operation} {self.row} row of {self.table}"


def lines(table: str) -> list[dict[str, str]]:
    """The lines of a table by the names of its columns."""
    heading, *rest = (line.split() for line in table.strip().splitlines())
    return [dict(zip(heading, line, strict=True)) for line in rest]


def cells() -> list[Cell]:
    """The whole matrix: role × table × operation × own or foreign row."""
    return [
        Cell(role, line["table"], line["row"], operation, letter in line[role])
        for line in lines(ROWS)
        for role in ROLES
        if line[role] != "."
        for letter, operation in OPERATIONS.items()
    ]


def tables() -> set[str]:
    """The tables that have lines here."""
    return {line["table"] for line in lines(ROWS)}


def operations(database_role: str, table: str) -> set[str]:
    """What a role of the database may do with some row of a table."""
    return {
        cell.operation
        for cell in cells()
        if cell.is_allowed and cell.table == table and DATABASE_ROLES[cell.role] == database_role
    }


def callers() -> Mapping[str, set[str]]:
    """The functions, and which roles may call each."""
    return {
        line["function"]: set() if line["callers"] == "nobody" else set(line["callers"].split(","))
        for line in lines(FUNCTIONS)
    }


def definers() -> set[str]:
    """The functions that run with their owner's rights."""
    return {line["function"] for line in lines(FUNCTIONS) if line["runs_as"] == "definer"}
