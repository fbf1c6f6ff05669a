"""One error shape, everywhere: tried on every operation of the OpenAPI document, and beside all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from api import dependencies
from api.errors import PROBLEMS, problem_body
from knight_vision import bootstrap
from tests.support.openapi import Json, errors_of, operation_of, operations, the_document
from tests.unit.api.conftest import SmallApi

OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for method, path, operation in operations()
]
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def assert_problem(answer: httpx.Response, status: int, code: str) -> Json:
    """The answer is a problem document with this status and code."""
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    body: Json = answer.json()
    plain = problem_body(code, body["detail"], status, answer.headers["X-Request-Id"])
    assert {name: body[name] for name in plain} == plain
    assert body["detail"]
    assert not errors_of({"$ref": "#/components/schemas/Problem"}, body)
    return body


def a_request(operation: Json, path: str) -> dict[str, Any]:
    """A request that gets past the checks of its form."""
    how: dict[str, Any] = {"path": path.format_map(dict.fromkeys(PATH_PARAMETERS, UNKNOWN)), "headers": {}}
    for parameter in operation["parameters"]:
        if parameter.get("required") and parameter["in"] == "header":
            how["headers"][parameter["name"]] = parameter["schema"]["enum"][0]
    if "requestBody" in operation:
        how["json"] = BODIES[operation["operationId"]]
    return how


PATH_PARAMETERS = ("game_id", "batch_id")
BODIES: dict[str, Any] = {
    "submit_games": {"pgn": "1. e4 e5 *"},
    "redrive_dead_letters": {"game_ids": [UNKNOWN]},
    "give_feedback": {"rating": 5},
}


def needs_a_token(operation: Json) -> bool:
    return "security" in operation


@pytest.fixture
def operator(api: SmallApi) -> SmallApi:
    api.world.store.operators.add(api.user.id)
    return api


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/nothing", "/v1/games/", "/v1/games/x/y", "/v2/games", "/é"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH"])
def test_an_unknown_address_is_not_found(api: SmallApi, method: str, path: str) -> None:
    assert_problem(api.ask(method, path), 404, "not_found")


@pytest.mark.parametrize("given", ["a%0d%0aX-Injected:%20yes", "%00", "%ff", "%0a"])
def test_a_line_break_in_an_address_is_part_of_a_name(api: SmallApi, given: str) -> None:
    answer = api.ask("GET", f"/v1/games/{given}")
    assert_problem(answer, 404, "game_not_found")
    assert "X-Injected" not in answer.headers


@pytest.mark.parametrize("path", list(the_document()["paths"]))
def test_a_method_that_an_address_does_not_know_is_refused_with_those_it_knows(
    api: SmallApi, path: str
) -> None:
    at = path.format_map(dict.fromkeys(PATH_PARAMETERS, UNKNOWN))
    known = {method.upper() for method in the_document()["paths"][path]}
    for method in sorted(METHODS - {method for method in METHODS if operation_of(method, at)}):
        if method == "HEAD" and operation_of("GET", at):
            continue
        answer = api.ask(method, at)
        assert answer.headers["Allow"] == ", ".join(sorted(known))
        if method != "HEAD":
            assert_problem(answer, 405, "method_not_allowed")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_a_head_is_a_get_without_the_body(
    operator: SmallApi, method: str, path: str, operation: Json
) -> None:
    if method.upper() != "GET":
        return
    how = a_request(operation, path)
    got, head = operator.ask("GET", **how), operator.ask("HEAD", **how)
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_without_a_token_nothing_is_answered_but_health(
    api: SmallApi, method: str, path: str, operation: Json
) -> None:
    assert needs_a_token(operation) is path.startswith("/v1/")
    if needs_a_token(operation):
        del api.app.dependency_overrides[dependencies.current_user]
        answer = api.ask(method, **a_request(operation, path))
        assert_problem(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_what_an_address_names_and_does_not_exist_is_not_found(
    operator: SmallApi, method: str, path: str, operation: Json
) -> None:
    if "{" in path:
        answer = operator.ask(method, **a_request(operation, path))
        assert_problem(answer, 404, answer.json()["code"])
        assert answer.json()["code"].endswith("_not_found")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_parameters_are_checked(operator: SmallApi, method: str, path: str, operation: Json) -> None:
    for parameter in operation["parameters"]:
        if parameter.get("in") == "header" and parameter["required"]:
            request = {**a_request(operation, path), "headers": {parameter["name"]: "something else"}}
            assert_problem(operator.ask(method, **request), 422, "invalid_request")
            del request["headers"]
            assert_problem(operator.ask(method, **request), 422, "invalid_request")
        if parameter.get("in") != "query":
            continue
        for wrong in wrong_values(parameter["schema"]):
            request = a_request(operation, path)
            answer = operator.ask(method, **request, params={parameter["name"]: wrong})
            problem = assert_problem(answer, 422, "invalid_request")
            assert parameter["name"] in problem["detail"], f"{parameter['name']}={wrong}"


def wrong_values(schema: Json) -> list[str]:
    """Texts that a parameter's schema does not allow."""
    if "$ref" in schema:
        schema = the_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kinds = schema.get("anyOf", [schema])
    wrong: list[str] = []
    for kind in kinds:
        if "enum" in kind or kind.get("type") in ("integer", "boolean") or "format" in kind:
            wrong.append("x' or 1=1 --")
        if kind.get("format") == "date":
            wrong += ["0", "1700000000", "2026-11-30T00:00:00", " 2026-11-30"]
        if "minimum" in kind:
            wrong.append(str(kind["minimum"] - 1))
        if "maximum" in kind:
            wrong.append(str(kind["maximum"] + 1))
        if "maxLength" in kind:
            wrong.append("x" * (kind["maxLength"] + 1))
    assert wrong, f"a parameter without bounds: {schema}"
    return wrong


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_bodies_are_checked(operator: SmallApi, method: str, path: str, operation: Json) -> None:
    if "requestBody" not in operation:
        return
    at = a_request(operation, path)["path"]
    json_type = {"Content-Type": "application/json"}
    wrong_type = operator.ask(method, at, content=b"<x/>", headers={"Content-Type": "application/xml"})
    assert_problem(wrong_type, 415, "unsupported_media_type")
    for content in (b"{", b"[]", b"null", b"{}", b"\xff", b"[" * 50_000, b'"\xed\xa0\x80"'):
        answer = operator.ask(method, at, content=content, headers=json_type)
        assert_problem(answer, 422, "invalid_request")
    operator.world.settings = replace(operator.world.settings, max_body_bytes=10)
    too_large = operator.ask(method, at, json={**a_request(operation, path)["json"], "more": "x" * 100})
    assert_problem(too_large, 413, "too_large")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_a_crash_is_answered_as_everything_else(
    operator: SmallApi, monkeypatch: pytest.MonkeyPatch, method: str, path: str, operation: Json
) -> None:
    def crash() -> None:
        raise RuntimeError("secret detail")

    operator.may_crash = True
    if path == "/health":
        return  # it does nothing that could
    for name in (
        "settings",
        "store",
        "user_store",
        "give_feedback",
        "queue",
        "event_bus",
        "operate",
        "request_analysis",
    ):
        monkeypatch.setattr(bootstrap, name, crash)
    if needs_a_token(operation):
        operator.app.dependency_overrides[dependencies.library] = crash
        operator.app.dependency_overrides[dependencies.current_user] = crash
    answer = operator.ask(method, **a_request(operation, path))
    assert_problem(answer, 500, "internal_error")
    assert "secret" not in answer.text


def test_every_code_is_said_to_be_possible_somewhere() -> None:
    beside_all = {"not_found", "method_not_allowed"}
    named = {
        code
        for _, _, operation in operations()
        for entry in operation["responses"].values()
        for code in entry.get("content", {}).get("application/problem+json", {}).get("examples", ())
    }
    assert named | beside_all == set(PROBLEMS)


@pytest.mark.parametrize("given", ["mine-1", "x" * 128, '!"#~'])
def test_the_callers_request_id_comes_back_in_every_kind_of_answer(api: SmallApi, given: str) -> None:
    for path in ("/health", "/v1/games", "/v1/nothing", f"/v1/games/{UNKNOWN}"):
        assert api.ask("GET", path, headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "é", "\x7f"])
def test_a_request_id_that_is_none_is_replaced(api: SmallApi, given: str) -> None:
    answer = api.ask("GET", "/v1/nothing", headers={"X-Request-Id": given.encode()})
    assert 0 < len(answer.headers["X-Request-Id"]) <= 128
    assert answer.headers["X-Request-Id"] != given
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_the_page_for_people_lists_every_operation_and_loads_nothing(api: SmallApi) -> None:
    answer = api.ask("GET", "/docs")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not {"<script", "<link", "<img", "http:", "https:", "@import"} & set(answer.text.split())
    assert "<script" not in answer.text
    assert "://" not in answer.text
    for _, _, operation in operations():
        assert f'id="{operation["operationId"]}"' in answer.text
