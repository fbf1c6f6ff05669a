"""Where the database's own catalogue and the page on who may do what (tests/support/access.py) disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.support import access
from tests.support.catalogue import Catalogue

OWN_ROWS = "(( SELECT auth.uid() AS uid) = user_id)"
"""The subselect is evaluated once for the query, a bare auth.uid() once for each row."""
NO_ROWS = "false"
RIGHTS = {"INSERT": "create", "SELECT": "read", "UPDATE": "update", "DELETE": "delete"}
KINDS = {"v": "view", "m": "materialized view", "f": "foreign table", "S": "sequence"}
BEYOND_POLICIES = "mf"
"""Kinds of relations that row level security does not know."""


def problems(catalogue: Catalogue) -> list[str]:
    """Every difference, as sentences."""
    return [
        *missing("table", set(catalogue.tables()), access.tables()),
        *missing("function", {one["name"] for one in catalogue.functions}, set(access.callers())),
        *(problem for one in catalogue.relations for problem in of_relation(one)),
        *(problem for one in catalogue.functions for problem in of_function(one)),
    ]


def missing(kind: str, there: set[str], known: set[str]) -> Iterator[str]:
    for name in sorted(there - known):
        yield f"{kind} {name} has no line in tests/support/access.py"
    for name in sorted(known - there):
        yield f"{kind} {name} has a line in tests/support/access.py and does not exist"


def of_relation(relation: dict[str, Any]) -> Iterator[str]:
    name, kind = relation["name"], relation["kind"]
    if kind in "rp":
        yield from of_table(relation)
        return
    what = f"{KINDS.get(kind, kind)} {name}"
    if kind in BEYOND_POLICIES:
        yield f"{what}: row level security does not hold for it"
    if kind == "v" and not relation["is_invoker"]:
        yield f"{what}: it reads with its owner's rights and must have security_invoker"
    for role, rights in relation["rights"].items():
        if role != "service_role" and rights:
            yield f"{what}: {role} may {', '.join(rights)}"


def of_table(table: dict[str, Any]) -> Iterator[str]:
    name = table["name"]
    if not table["is_secured"]:
        yield f"table {name} has no row level security"
    if not table["policies"]:
        yield f"table {name} has no policy"
    for role, rights in table["rights"].items():
        meant = access.operations(role, name)
        given = {RIGHTS.get(right, right) for right in rights}
        for right in sorted(given - meant):
            if role != "service_role":  # it passes every policy by, and owns what it creates
                yield f"table {name}: {role} was granted {right}"
        for right in sorted(meant - given):
            yield f"table {name}: {role} lacks {right}"
    for policy in table["policies"]:
        yield from of_policy(name, policy)


def of_policy(table: str, policy: dict[str, Any]) -> Iterator[str]:
    what = f"table {table}: policy '{policy['name']}'"
    if set(policy["expressions"]) == {NO_ROWS}:
        return
    if set(policy["expressions"]) != {OWN_ROWS}:
        yield f"{what} is for other rows than one's own"
    if policy["roles"] != ["authenticated"]:
        yield f"{what} is for {', '.join(policy['roles'])}"
    if RIGHTS.get(policy["operation"], "all") not in access.operations("authenticated", table):
        yield f"{what} lets users {policy['operation'].lower()}"


def of_function(function: dict[str, Any]) -> Iterator[str]:
    name = function["name"]
    what = f"function {name}"
    may = {access.DATABASE_ROLES[role] for role in access.callers().get(name, ())}
    for role in sorted(set(function["callers"] or ()) ^ may):
        yield f"{what}: {role} {'may not' if role in may else 'may'} call it"
    if function["is_definer"] is not (name in access.definers()):
        yield f"{what} runs as its {'definer' if function['is_definer'] else 'caller'}"
    if function["settings"] != ['search_path=""']:
        yield f"{what} has no fixed and empty search path"
    if not function["has_comment"]:
        yield f"{what} does not say what it is for"
    if not function["is_trigger"] and not re.search(r"_v\d+$", name):
        yield f"{what} has no version: code of two releases calls it during a deployment"
