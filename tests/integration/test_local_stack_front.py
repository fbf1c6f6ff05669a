"""The local API Gateway: payload format 2.0 and AWS's limits, with a real function behind it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.front import BODY_BYTES, front_app
from infra.local.lambda_service import LambdaService
from infra.local.web_servers import WebServers
from tests.support.small_functions import small_template

CORS = {"AllowOrigins": ["https://example.com"], "AllowMethods": ["GET"], "ExposeHeaders": ["ETag"]}
Scenario = Callable[[httpx.AsyncClient], Awaitable[None]]


async def no_queue(queue_arn: str, record: str) -> None:
    raise AssertionError("nothing is called asynchronously here")


def with_front(folder: Path, scenario: Scenario, timeout_s: float = 30.0) -> None:
    """Run a scenario against a front on a port of this machine, with the echo function behind it."""

    async def run() -> None:
        template = small_template(folder)
        limits = dict.fromkeys(template.functions, 2)
        service = LambdaService(
            template.functions, variables={}, limits=limits, logs=folder, on_failure=no_queue
        )
        web = WebServers()
        try:
            url = await web.serve(front_app(service, "EchoFunction", CORS, timeout_s=timeout_s))
            async with httpx.AsyncClient(base_url=url, timeout=60) as client:
                await scenario(client)
        finally:
            await web.stop()
            await service.close()

    asyncio.run(run())


def test_a_request_becomes_an_event_of_payload_format_2(tmp_path: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        answer = await client.post(
            "/v1/games/a%2Fb?x=1&x=2&y=%20",
            headers=[("X-One", "1"), ("X-One", "2"), ("Cookie", "a=b; c=d"), ("Content-Type", "text/plain")],
            content="1. e4 é",
        )
        assert answer.status_code == 201
        event = answer.json()
        assert event["version"] == "2.0"
        assert event["rawPath"] == "/v1/games/a%2Fb"
        assert event["rawQueryString"] == "x=1&x=2&y=%20"
        assert event["queryStringParameters"] == {"x": "1,2", "y": " "}
        assert event["headers"]["x-one"] == "1,2"
        assert "cookie" not in event["headers"]
        assert event["cookies"] == ["a=b", "c=d"]
        assert (event["body"], event["isBase64Encoded"]) == ("1. e4 é", False)
        context = event["requestContext"]
        assert context["stage"] == "$default"
        assert context["domainName"] == "127.0.0.1"
        assert (context["http"]["method"], context["http"]["path"]) == ("POST", "/v1/games/a%2Fb")
        assert context["timeEpoch"] > 1_700_000_000_000
        assert answer.headers["apigw-requestid"] == context["requestId"]

    with_front(tmp_path, scenario)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/x-chess-pgn", b"1. e4"), ("text/plain", b"\xff\xfe1. e4"), ("image/png", b"\x89PNG")],
)
def test_what_is_not_text_travels_in_base64(tmp_path: Path, content_type: str, body: bytes) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        event = (await client.post("/", content=body, headers={"Content-Type": content_type})).json()
        assert event["isBase64Encoded"] is True
        assert base64.b64decode(event["body"]) == body

    with_front(tmp_path, scenario)


def test_a_functions_result_becomes_the_answer(tmp_path: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        answer = await client.get("/")
        assert answer.headers["x-own"] == "1"
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
        assert "body" not in answer.json()

    with_front(tmp_path, scenario)


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The one error shape of docs/protocol.md."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    assert content.keys() == {"type", "title", "status", "detail", "code", "request_id"}
    assert (content["status"], content["code"]) == (status, code)
    assert content["type"] == f"urn:knight-vision:problem:{code}"
    return content


def test_failures_have_the_projects_error_shape(tmp_path: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        problem(await client.get("/?fail"), 500, "internal_error")
        problem(await client.get("/?nonsense"), 502, "internal_error")
        too_large = problem(await client.post("/", content=b"x" * (BODY_BYTES + 1)), 413, "too_large")
        assert "10 MB" in too_large["detail"]
        # Base64 makes five megabytes more than the six that Lambda takes.
        too_large_event = problem(await client.post("/", content=b"\xff" * 5_000_000), 413, "too_large")
        assert "6 MB" in too_large_event["detail"]
        assert (await client.get("/")).status_code == 201

    with_front(tmp_path, scenario)


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(tmp_path: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        async def chunks() -> Any:
            for _ in range(11):
                yield b"x" * (1024 * 1024)

        problem(await client.post("/", content=chunks()), 413, "too_large")

    with_front(tmp_path, scenario)


def test_a_function_that_takes_too_long_is_not_waited_for(tmp_path: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        answer = await client.get("/?hang")
        problem(answer, 503, "internal_error")
        assert answer.headers["retry-after"] == "1"

    with_front(tmp_path, scenario, timeout_s=1.0)


def test_the_templates_cors_configuration_is_obeyed(tmp_path: Path) -> None:
    async def scenario(client: httpx.AsyncClient) -> None:
        preflight = {"Origin": "https://example.com", "Access-Control-Request-Method": "GET"}
        allowed = await client.options("/v1/games", headers=preflight)
        assert allowed.headers["access-control-allow-origin"] == "https://example.com"
        foreign = await client.options("/v1/games", headers={**preflight, "Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in foreign.headers
        answer = await client.get("/", headers={"Origin": "https://example.com"})
        assert answer.headers["access-control-expose-headers"] == "ETag"
        assert json.loads(answer.content)["rawPath"] == "/"

    with_front(tmp_path, scenario)


def test_an_answer_is_not_held_back_by_nagles_algorithm(tmp_path: Path) -> None:
    """Every answer once took 40 ms more: the listener named no protocol, so asyncio left the algorithm on."""

    async def scenario(client: httpx.AsyncClient) -> None:
        loop = asyncio.get_running_loop()
        durations_s = []
        for _ in range(20):
            began = loop.time()
            await client.get("/")
            durations_s.append(loop.time() - began)
        assert min(durations_s) < 0.03

    with_front(tmp_path, scenario)
