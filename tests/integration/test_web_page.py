"""The local stack's host of the web client: settings, headers, and sign-ins that it passes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from infra.local.process import HOST, free_port
from infra.local.web_page import page_app

Ask = Callable[[str, str], httpx.Response]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    (tmp_path / "index.html").write_text("<!doctype html><title>Knight Vision</title>")
    config = {
        "api_url": "http://127.0.0.1:1",
        "supabase_url": f"http://{HOST}:{free_port()}",
        "supabase_publishable_key": "sb_publishable_x",
    }
    app = page_app(tmp_path, config)
    return lambda method, path: asyncio.run(answer(app, method, path))


async def answer(app: Starlette, method: str, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://page.example") as client:
        return await client.request(method, path)


def test_the_page_learns_where_the_services_are_and_signs_in_through_its_host(ask: Ask) -> None:
    assert ask("GET", "/config.json").json() == {
        "api_url": "http://127.0.0.1:1",
        "supabase_url": "http://page.example",
        "supabase_publishable_key": "sb_publishable_x",
    }


@pytest.mark.parametrize("path", ["/", "/config.json"])
def test_every_answer_names_the_only_servers_that_the_page_may_ask(ask: Ask, path: str) -> None:
    headers = ask("GET", path).headers
    policy = "connect-src 'self' http://127.0.0.1:1; frame-ancestors 'none'"
    assert headers["Content-Security-Policy"] == policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_is_told_when_supabase_does_not_answer(ask: Ask) -> None:
    refusal = ask("POST", "/auth/v1/token?grant_type=password")
    assert (refusal.status_code, refusal.json()) == (503, {"message": "Supabase does not answer"})
