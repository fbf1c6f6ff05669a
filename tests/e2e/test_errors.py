"""Bad input of every kind: one shape, the right status, a message that says what to do, nothing stored."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import httpx
import jwt
import pytest

from tests.support.stack import LocalStack
from tests.support.users import PGN_TYPE, Api

OPERA_START = "1. e4 e5 2. Nf3 d6 *"


def assert_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The answer is a problem document with this status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["type"] == f"urn:knight-vision:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == answer.headers["X-Request-Id"]
    return body


def post_pgn(api: httpx.Client, body: bytes | str, content_type: str = PGN_TYPE) -> httpx.Response:
    return api.post("/v1/games", content=body, headers={"Content-Type": content_type})


def games_of(api: Api) -> list[dict[str, Any]]:
    games: list[dict[str, Any]] = api.get("/v1/games").json()["games"]
    return games


@pytest.mark.parametrize(
    ("body", "status", "code", "part"),
    [
        ("", 422, "invalid_game", "empty"),
        ("   \n\n", 422, "invalid_game", ""),
        ("Dear Sir or Madam, this is not chess.", 422, "invalid_game", ""),
        ("1. e4 e5 2. Qh7 Nc6 *", 422, "invalid_game", "Qh7"),
        ("1. e4 e5 2. Ke3 *", 422, "invalid_game", "Ke3"),
        ('[Event "x"]\n\n*', 422, "invalid_game", ""),
        ('[FEN "not a board"]\n\n1. e4 *', 422, "invalid_game", "FEN"),
        ('[Variant "Atomic"]\n\n1. e4 e5 *', 422, "invalid_game", "tomic"),
        (b"\x00\x01\x02\xff\xfe\x80" * 50, 422, "invalid_request", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 422, "invalid_request", ""),
        ("1. e4 e5 " * 480_000, 413, "too_large", "bytes"),
    ],
)
def test_bad_pgn_is_refused_and_nothing_is_stored(
    api: Api, body: bytes | str, status: int, code: str, part: str
) -> None:
    problem = assert_problem(post_pgn(api, body), status, code)
    assert part in problem["detail"]
    assert games_of(api) == []


def test_ten_megabytes_are_refused(api: Api) -> None:
    assert_problem(post_pgn(api, b"1. e4 e5 " * (10 * 1024 * 1024 // 9 + 1)), 413, "too_large")
    assert games_of(api) == []


def test_a_very_long_game_is_refused(api: Api) -> None:
    shuffle = " ".join(f"{n}. Nf3 Nf6 {n + 1}. Ng1 Ng8" for n in range(1, 900, 2))
    problem = assert_problem(post_pgn(api, shuffle + " *"), 422, "invalid_game")
    assert "1200" in problem["detail"].replace(",", "")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"pgn": 3}',
        b'{"pgn": null}',
        b"[" * 50_000,
        b'{"pgn": "\\ud800"}',
        b"\xff\xfe",
        b"null",
    ],
)
def test_json_that_is_not_understood_is_refused(api: Api, body: bytes) -> None:
    answer = post_pgn(api, body, "application/json")
    assert answer.status_code == 422
    assert_problem(answer, 422, answer.json()["code"])
    assert games_of(api) == []


def test_an_unknown_media_type_is_refused(api: Api) -> None:
    assert_problem(post_pgn(api, OPERA_START, "application/xml"), 415, "unsupported_media_type")


def test_an_answer_in_no_known_form_is_refused(api: Api) -> None:
    game_id = api.submit(OPERA_START)
    api.annotate(game_id)
    answer = api.get(f"/v1/games/{game_id}/analysis", headers={"Accept": "image/png"})
    assert_problem(answer, 406, "not_acceptable")


ROUTES = [
    ("GET", "/v1/games/{id}"),
    ("POST", "/v1/games/{id}/enhanced-annotate"),
    ("GET", "/v1/games/{id}/analysis"),
    ("GET", "/v1/games/{id}/analysis/status"),
    ("DELETE", "/v1/games/{id}/analysis"),
]
WITHOUT_GAME = [("GET", "/v1/games"), ("POST", "/v1/games"), ("POST", "/v1/games/process-unannotated")]
FOR_OPERATORS = [
    ("GET", "/v1/operations/metrics"),
    ("GET", "/v1/operations/dead-letters"),
    ("POST", "/v1/operations/dead-letters/redrive"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    "game_id", ["696bb7d1-cac1-419f-8d36-a1a15d958786", "0", "x' or 1=1 --", "%00", "a" * 300]
)
def test_an_unknown_game_is_not_found(api: Api, method: str, path: str, game_id: str) -> None:
    answer = api.request(method, path.format(id=game_id))
    assert_problem(answer, 404, "game_not_found")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_foreign_game_looks_like_an_unknown_one(api: Api, stranger: Api, method: str, path: str) -> None:
    game_id = api.submit(OPERA_START)
    api.annotate(game_id)
    assert_problem(stranger.request(method, path.format(id=game_id)), 404, "game_not_found")


def test_an_analysis_nobody_asked_for_says_how_to_ask(api: Api) -> None:
    game_id = api.submit(OPERA_START)
    for method, path in (("GET", "analysis"), ("GET", "analysis/status"), ("DELETE", "analysis")):
        answer = api.request(method, f"/v1/games/{game_id}/{path}")
        problem = assert_problem(answer, 404, "analysis_not_found")
        assert "enhanced-annotate" in problem["detail"]


def bad_tokens(stack: LocalStack, api: Api) -> dict[str, str]:
    header, payload, signature = api.token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    secret = stack.ready["supabase_jwt_secret"]
    other_payload = base64.urlsafe_b64encode(json.dumps({**claims, "sub": str(uuid.uuid4())}).encode())
    return {
        "garbage": "garbage",
        "two parts": f"{header}.{payload}",
        "no signature": f"{header}.{payload}.",
        "other payload": f"{header}.{other_payload.decode().rstrip('=')}.{signature}",
        "other secret": jwt.encode(claims, "x" * 40, "HS256"),
        "no algorithm": jwt.encode(claims, "", "none"),
        "expired": jwt.encode({**claims, "exp": 1_700_000_000}, secret, "HS256"),
        "other audience": jwt.encode({**claims, "aud": "anon"}, secret, "HS256"),
        "service role": jwt.encode({**claims, "role": "service_role"}, secret, "HS256"),
        "no expiry": jwt.encode({k: v for k, v in claims.items() if k != "exp"}, secret, "HS256"),
        "secret key": str(stack.ready["supabase_secret_key"]),
    }


@pytest.mark.parametrize(("method", "path"), ROUTES + WITHOUT_GAME + FOR_OPERATORS)
def test_every_route_asks_for_a_token(nobody: httpx.Client, method: str, path: str) -> None:
    answer = nobody.request(method, path.format(id=uuid.uuid4()))
    assert_problem(answer, 401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), FOR_OPERATORS)
def test_operators_routes_are_not_for_users(api: Api, method: str, path: str) -> None:
    body = {"game_ids": [str(uuid.uuid4())]} if method == "POST" else None
    assert_problem(api.request(method, path, json=body), 403, "forbidden")


def test_forged_tokens_are_refused(stack: LocalStack, api: Api, nobody: httpx.Client) -> None:
    for name, token in bad_tokens(stack, api).items():
        answer = nobody.get("/v1/games", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401, name
        assert_problem(answer, 401, "unauthorized")
    answer = nobody.get("/v1/games", headers={"Authorization": f"Basic {api.token}"})
    assert_problem(answer, 401, "unauthorized")


def test_routes_and_methods_that_do_not_exist(nobody: httpx.Client) -> None:
    assert_problem(nobody.get("/v1/nothing"), 404, "not_found")
    assert_problem(nobody.get("/"), 404, "not_found")
    answer = nobody.delete("/health")
    assert_problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET"


@pytest.mark.parametrize("params", [{"limit": "0"}, {"limit": "many"}, {"cursor": "'; drop table games"}])
def test_parameters_are_checked(api: Api, params: dict[str, str]) -> None:
    assert_problem(api.get("/v1/games", params=params), 422, "invalid_request")


def test_the_callers_request_id_is_kept_if_it_is_sane(nobody: httpx.Client) -> None:
    assert nobody.get("/health", headers={"X-Request-Id": "mine-1"}).headers["X-Request-Id"] == "mine-1"
    long = nobody.get("/health", headers={"X-Request-Id": "x" * 500}).headers["X-Request-Id"]
    assert 0 < len(long) <= 128


def test_an_answer_says_nothing_of_the_inside(api: Api) -> None:
    for answer in (api.get("/v1/nothing"), post_pgn(api, "no chess")):
        assert "Traceback" not in answer.text
        assert "knight_vision/" not in answer.text
