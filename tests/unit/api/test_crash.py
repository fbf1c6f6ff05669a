"""Even what nobody expected is answered in the one shape, with the request's id."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from knight_vision import bootstrap
from tests.support.recording import RecordingObserver


async def ask(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as client:
        return await client.get(path, headers=headers)


def test_a_crash_is_answered_as_a_problem_with_the_request_id(monkeypatch: pytest.MonkeyPatch) -> None:
    observer = RecordingObserver()
    monkeypatch.setattr(bootstrap, "observer", lambda: observer)
    app = create_app()

    @app.get("/crash")
    def crash() -> None:
        raise RuntimeError("secret detail")

    answer = asyncio.run(ask(app, "/crash", **{"X-Request-Id": "mine"}))
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-Id"] == "mine"
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["request_id"] == "mine"
    assert "secret" not in answer.text
    assert observer.metrics == [("RequestsCrashed", 1, {})], "a deployment is turned back by it"
