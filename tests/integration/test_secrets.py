"""Secrets in Parameter Store: read with one call, and whoever waits for them is told to come again."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import httpx
import pytest
from moto import mock_aws

from api import dependencies
from api.app import create_app
from knight_vision import bootstrap
from knight_vision.errors import SettingsUnavailableError

NOBODY_LISTENS = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


@pytest.fixture(params=["ThrottlingException", "InternalServerError", "AccessDeniedException"])
def refusing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Parameter Store that answers each request with this error."""
    status = 500 if request.param == "InternalServerError" else 400

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"__type": request.param, "message": "no"}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
        yield
        server.shutdown()


def test_all_are_read_decrypted() -> None:
    with mock_aws():
        ssm = boto3.client("ssm")
        ssm.put_parameter(Name="/one", Value="1", Type="SecureString")
        ssm.put_parameter(Name="/two", Value="2", Type="SecureString")
        assert bootstrap.secret_parameters(["/one", "/two"]) == {"/one": "1", "/two": "2"}


def test_one_that_is_not_there_is_reported() -> None:
    with mock_aws():
        boto3.client("ssm").put_parameter(Name="/one", Value="1", Type="SecureString")
        with pytest.raises(SettingsUnavailableError) as error:
            bootstrap.secret_parameters(["/one", "/two"])
    assert "/two" in str(error.value.__cause__), "the log says which, the caller does not learn it"
    assert "/two" not in str(error.value)


@pytest.mark.usefixtures("refusing")
def test_a_store_that_refuses_is_reported() -> None:
    with pytest.raises(SettingsUnavailableError):
        bootstrap.secret_parameters(["/one"])


def test_while_nobody_answers_callers_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new environment starts while Parameter Store is away: that is no crash."""
    bootstrap.settings.cache_clear()
    dependencies.token_verifier.cache_clear()
    for name, value in {
        "AWS_ENDPOINT_URL": NOBODY_LISTENS,
        "SUPABASE_URL": "https://project.example",
        "SUPABASE_PUBLISHABLE_KEY": "publishable",
        "SUPABASE_SECRET_KEY_PARAMETER": "/secret",
        "REDIS_URL": "redis://cache.example",
        "EVENT_BUS_NAME": "bus",
    }.items():
        monkeypatch.setenv(name, value)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as client:
            return await client.get("/v1/games", headers={"Authorization": "Bearer x"})

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()["code"]) == (503, "settings_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert "/secret" not in answer.text
