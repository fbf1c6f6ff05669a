"""Bodies that are not what they seem: of another type, compressed, deep, wide."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from tests.support.hostile_requests import published_operations
from tests.support.raw_request import ask
from tests.support.stack import LocalStack
from tests.support.users import PGN_TYPE, Api

GAME = "1. e4 e5 2. Nf3 d6 *"
JSON_TYPE = "application/json"

CONFUSED = {
    "PGN as JSON": (JSON_TYPE, GAME.encode(), "invalid_request"),
    "JSON as PGN": (PGN_TYPE, b'{"pgn": "1. e4 e5 *"}', "invalid_game"),
    "two types in one": ("text/plain, application/json", GAME.encode(), "unsupported_media_type"),
    "a form": ("application/x-www-form-urlencoded", b"pgn=1.+e4+e5", "unsupported_media_type"),
    "a form of parts": (
        "multipart/form-data; boundary=x",
        b"--x\r\n\r\n1. e4\r\n--x--",
        "unsupported_media_type",
    ),
    "XML with an entity": (
        "application/xml",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        "unsupported_media_type",
    ),
    "JSON in UTF-7": ("application/json; charset=utf-7", b'+AHs-"pgn": 1}', "invalid_request"),
    "no type at all": ("", b'{"pgn": "1. e4 e5 *"}', "unsupported_media_type"),
    "gzip as PGN": (PGN_TYPE, gzip.compress(GAME.encode()), "unsupported_media_type"),
    "gzip as JSON": (JSON_TYPE, gzip.compress(b'{"pgn": "1. e4 e5 *"}'), "unsupported_media_type"),
}


def test_a_body_is_read_as_what_its_type_says(stack: LocalStack, api: Api) -> None:
    for kind, (media_type, body, code) in CONFUSED.items():
        encoding = "gzip" if "gzip" in kind else "identity"
        headers = [("Content-Type", media_type), ("Content-Encoding", encoding)]
        assert ask(stack, "POST", "/v1/games", headers, body, api.token).code == code, kind
    assert api.get("/v1/games").json()["games"] == []


def test_nothing_is_decompressed(stack: LocalStack, api: Api) -> None:
    """50 MB that travel as 50 kB would otherwise be too large."""
    bomb = gzip.compress(b"1. e4 e5 " * 6_000_000, 1)
    for media_type in (PGN_TYPE, "text/plain", JSON_TYPE):
        headers = [("Content-Type", media_type), ("Content-Encoding", "gzip")]
        assert ask(stack, "POST", "/v1/games", headers, bomb, api.token).code == "unsupported_media_type"
        # And who does not say so is not guessed at.
        assert ask(stack, "POST", "/v1/games", headers[:1], bomb, api.token).code == "invalid_request"


def test_bytes_that_travel_in_base64_arrive_as_they_were(stack: LocalStack, api: Api) -> None:
    for media_type in (PGN_TYPE, "text/plain"):
        body = f'[White "Réti"]\n[Site "{media_type}"]\n\n{GAME}'.encode("cp1252")
        answer = ask(stack, "POST", "/v1/games", [("Content-Type", media_type)], body, api.token)
        assert json.loads(answer.text)["games"][0]["white"] == "Réti"


DEPTHS = (50, 900, 990, 1_000, 100_000)
ODD_VALUES = [
    *(b"[" * depth + b"]" * depth for depth in DEPTHS),
    *(b'{"a":' * depth + b"1" + b"}" * depth for depth in DEPTHS),
    b"9" * 5_000,
    b"1e999999",
    b"-Infinity",
    b"NaN",
    b'"\\ud800"',
    b'"\\u0000"',
    b'"' + b"x" * 1_000_000 + b'"',
    b"{" + b",".join(b'"%d":1' % number for number in range(100_000)) + b"}",
    b"[" + b"1," * 500_000 + b"1]",
]
WITH_BODY = [
    pytest.param(path, operation, id=operation["operationId"])
    for _, path, operation in published_operations()
    if JSON_TYPE in operation.get("requestBody", {}).get("content", {})
]


@pytest.mark.parametrize(("path", "operation"), WITH_BODY)
def test_deep_wide_and_odd_json_is_refused(
    stack: LocalStack, api: Api, path: str, operation: dict[str, Any]
) -> None:
    """As the whole body, in each member's place, and beside those that are known."""
    stack.make_operator(api.user_id)
    example = operation["requestBody"]["content"][JSON_TYPE]["example"]
    target = path.format(game_id=api.submit(GAME))
    for value in ODD_VALUES:
        bodies = [value]
        for name in example:
            others = {key: one for key, one in example.items() if key != name}
            head = json.dumps(others).removesuffix("}").encode() + (b", " if others else b"")
            bodies.append(head + b'"' + name.encode() + b'": ' + value + b"}")
        for body in bodies:
            answer = ask(stack, "POST", target, [("Content-Type", JSON_TYPE)], body, api.token)
            assert answer.status in (404, 413, 422), (answer.status, body[:80], answer.text[:300])
            assert answer.code in ("invalid_request", "invalid_game", "too_large", "analysis_not_found")
