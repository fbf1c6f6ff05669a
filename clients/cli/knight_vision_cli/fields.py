"""Fields of a JSON object from the server, checked for their type.

A field that is missing or of another type raises ValueError with the field's name: the client then says
that it does not understand the server. Every text comes back safe to print.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from knight_vision_cli.text import clean

__all__ = ["objects", "optional", "required"]

Json = Mapping[str, Any]
T = TypeVar("T")


def optional(fields: Json, name: str, kind: type[T]) -> T | None:
    """A field that may be null or missing. Whole numbers pass as floats, texts come back clean."""
    value: Any = fields.get(name)
    if kind is float and type(value) is int:
        value = float(value)
    if value is None or (isinstance(value, kind) and not (kind is int and isinstance(value, bool))):
        return clean(value) if isinstance(value, str) else value  # type: ignore[return-value]
    raise ValueError(f"'{name}' is not as expected")


def required(fields: Json, name: str, kind: type[T]) -> T:
    """A field that must be there."""
    value = optional(fields, name, kind)
    if value is None:
        raise ValueError(f"'{name}' is missing")
    return value


def objects(fields: Json, name: str) -> list[dict[str, Any]]:
    """A list of objects."""
    items = required(fields, name, list)
    if not all(isinstance(item, dict) for item in items):
        raise ValueError(f"'{name}' is not as expected")
    return items
