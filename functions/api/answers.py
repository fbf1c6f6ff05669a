"""What routes say of their answers for the OpenAPI document: the names of shapes, and the problems.

Names alone: the shapes themselves (api/schemas.py) are loaded when the document is made, which few ask for.
Building them at each start took a quarter of it.
"""

from __future__ import annotations

from typing import Any

from api.errors import PROBLEMS

__all__ = ["answer", "problems"]

Entries = dict[int | str, dict[str, Any]]


def answer(
    shape: str, status: int = 200, *, more_types: dict[str, Any] | None = None, **more: Any
) -> Entries:
    """The OpenAPI entry of an answer in JSON, by the name of its shape.

    `more_types`: what else can be had, by media type. `more`: further members of the entry.
    """
    schema = {"$ref": f"#/components/schemas/{shape}"}
    return {status: {"content": {"application/json": {"schema": schema}, **(more_types or {})}, **more}}


def problems(*what: int | str) -> Entries:
    """The OpenAPI entries for error answers: by code, or by status for all codes that have it."""
    codes = [code for code, (status, _) in PROBLEMS.items() if code in what or status in what]
    return {status: problem_entry(status, codes) for status in sorted({PROBLEMS[code][0] for code in codes})}


def problem_entry(status: int, codes: list[str]) -> dict[str, Any]:
    """The entry of one status: each of the codes that has it, with an example."""
    titles = {code: title for code, (known, title) in PROBLEMS.items() if known == status and code in codes}
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in titles}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "; ".join(titles.values()),
        "content": {"application/problem+json": {"schema": schema, "examples": examples}},
    }
