"""Even what nobody expected is answered in the one shape, with the request's id."""

import asyncio

import httpx

from api.app import create_app


def test_a_crash_is_answered_as_a_problem_with_the_request_id() -> None:
    app = create_app()

    @app.get("/crash")
    def crash() -> None:
        raise RuntimeError("secret detail")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api.example") as client:
            return await client.get("/crash", headers={"X-Request-Id": "mine"})

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["X-Request-Id"] == "mine"
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["request_id"] == "mine"
    assert "secret" not in answer.text
