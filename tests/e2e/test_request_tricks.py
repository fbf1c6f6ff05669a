"""Paths and headers that are not what they seem."""

from __future__ import annotations

import json

from tests.support.raw_request import ask
from tests.support.stack import LocalStack
from tests.support.users import Api

GAME = "1. e4 e5 2. Nf3 d6 *"
JSON_TYPE = "application/json"

PATHS = {
    "dots": ("/v1/../v1/games", "not_found"),
    "dots at the end": ("/v1/games/..", "game_not_found"),
    "dots that lead out": ("/v1/games/../../../../etc/passwd", "not_found"),
    "encoded dots": ("/v1/games/%2e%2e/%2e%2e/health", "not_found"),
    "dots encoded twice": ("/v1/games/%252e%252e%252fgames", "game_not_found"),
    "overlong dots": ("/v1/games/%c0%ae%c0%ae", "game_not_found"),
    "dots with a parameter": ("/v1/operations/..;/games", "not_found"),
    "encoded slash": ("/v1/games%2f", "not_found"),
    "encoded slash in an id": ("/v1/games/a%2fb%2fc", "not_found"),
    "backslash": ("/v1\\games", "not_found"),
    "two slashes": ("//v1/games", "not_found"),
    "two slashes in between": ("/v1//games", "not_found"),
    "slash at the end": ("/v1/games/", "not_found"),
    "null byte": ("/v1/games/%00", "game_not_found"),
    "null byte after the path": ("/v1/games%00.json", "not_found"),
    "line break": ("/v1/games/a%0d%0aX-Injected:%20yes", None),  # the local front's own 404
    "half a letter": ("/v1/games/%ff%fe", "game_not_found"),
    "nonsense after a percent sign": ("/v1/games/%zz", "game_not_found"),
    "capitals": ("/V1/GAMES", "not_found"),
    "very long": (f"/v1/games/{'a' * 30_000}", "game_not_found"),
    "very long, encoded": (f"/v1/games/{'%25' * 10_000}", "game_not_found"),
    "very deep": (f"/v1{'/a' * 10_000}", "not_found"),
    "a file of the service": ("/template.yaml", "not_found"),
    "a whole address": ("http://evil.example/v1/operations/metrics", None),
    "an encoded letter passes by no check": ("/v1/operations/%6detrics", "forbidden"),
    "nor does an encoded prefix": ("/%761/%6fperations/metrics", "forbidden"),
}


def test_a_path_leads_nowhere_else(stack: LocalStack, api: Api) -> None:
    for trick, (target, code) in PATHS.items():
        answer = ask(stack, "GET", target, token=api.token)
        assert 400 <= answer.status < 500, f"{trick}: {answer.text}"
        assert "x-injected" not in answer.headers
        if code:
            assert answer.code == code, trick


def test_an_encoded_path_is_counted_and_checked_like_the_plain_one(stack: LocalStack, api: Api) -> None:
    answer = ask(stack, "GET", "/%76%31/%67ames", token=api.token)
    assert answer.status == 200
    assert '"user";r=' in answer.headers["ratelimit"]
    assert ask(stack, "GET", "/%76%31/%67ames").code == "unauthorized"


def test_the_method_is_the_requests_own(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(GAME)
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"):
        for method in ("GET", "POST"):
            ask(stack, method, f"/v1/games/{game_id}?_method=DELETE", [(header, "DELETE")], token=api.token)
    assert api.get(f"/v1/games/{game_id}").status_code == 200


def test_the_path_is_the_requests_own(stack: LocalStack, api: Api) -> None:
    for header in ("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-Envoy-Original-Path"):
        answer = ask(stack, "GET", "/health", [(header, "/v1/operations/metrics")], token=api.token)
        assert json.loads(answer.text)["status"] == "ok"
        answer = ask(stack, "GET", "/v1/operations/metrics", [(header, "/health")], token=api.token)
        assert answer.code == "forbidden"


HOSTS = (
    "evil.example",
    "evil.example:99999",
    "evil.example:x",
    "a:b:c",
    "[::1]:80",
    "[",
    "]",
    "",
    "a/b?c=",
    "@e",
)
FORWARDED = (
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Proto", "javascript"),
    ("X-Forwarded-Port", "x"),
    ("X-Forwarded-Port", "-1"),
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Forwarded-Server", "evil.example"),
    ("Forwarded", "for=127.0.0.1;host=evil.example;proto=ftp"),
    ("X-Real-IP", "127.0.0.1"),
)


def test_what_a_caller_says_of_the_address_counts_for_nothing(stack: LocalStack, api: Api) -> None:
    game_id = api.submit(GAME)
    for claim in [*(("Host", host) for host in HOSTS), *FORWARDED]:
        answer = ask(stack, "POST", f"/v1/games/{game_id}/enhanced-annotate", [claim], token=api.token)
        assert answer.status in (200, 202), f"{claim}: {answer.text}"
        assert answer.headers.get("location", "") in ("", f"/v1/games/{game_id}/analysis/status")
        assert "evil" not in answer.text + str(answer.headers)
        for path in ("/docs", "/v1/games/"):
            answer = ask(stack, "GET", path, [claim])
            assert answer.status in (200, 404), f"{claim}: {answer.text}"
            assert "evil" not in answer.text + str(answer.headers)


def test_a_header_that_comes_twice_is_no_way_round(stack: LocalStack, api: Api, stranger: Api) -> None:
    mine, theirs = (("Authorization", f"Bearer {one.token}") for one in (api, stranger))
    assert ask(stack, "GET", "/v1/games", [mine, theirs]).code == "unauthorized"
    twice = [("Confirm-Delete", "no"), ("Confirm-Delete", "everything")]
    assert ask(stack, "DELETE", "/v1/me", twice, token=api.token).code == "invalid_request"
    types = [("Content-Type", "text/plain"), ("Content-Type", JSON_TYPE)]
    body = json.dumps({"rating": 5}).encode()
    feedback = f"/v1/games/{api.submit(GAME)}/analysis/feedback"
    assert ask(stack, "POST", feedback, types, body, api.token).code == "unsupported_media_type"
    ids = [("X-Request-Id", "one"), ("X-Request-Id", "two")]
    assert ask(stack, "GET", "/health", ids).headers["x-request-id"] == "one,two"


def test_huge_and_many_headers(stack: LocalStack, api: Api) -> None:
    for headers in ([("Cookie", "x" * 50_000)], [(f"X-{number}", "y") for number in range(1_000)]):
        answer = ask(stack, "GET", "/v1/games", headers, token=api.token)
        assert answer.status in (200, 400, 431)
    for name, code in (("If-None-Match", "invalid_request"), ("Idempotency-Key", "invalid_request")):
        method, path = ("GET", "analysis") if name == "If-None-Match" else ("POST", "enhanced-annotate")
        target = f"/v1/games/{api.submit(GAME)}/{path}"
        assert ask(stack, method, target, [(name, "x" * 20_000)], token=api.token).code == code
    accept = ",".join(f"a/{number};q=0.{number}" for number in range(3_000))
    target = f"/v1/games/{api.submit(GAME)}/analysis"
    assert ask(stack, "GET", target, [("Accept", accept)], token=api.token).code == "not_acceptable"
