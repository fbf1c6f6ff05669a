"""The API's handler on a real Valkey in cluster mode and a real Supabase: counted, limited, answered once."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from redis import Redis

from api import dependencies
from knight_vision import bootstrap
from knight_vision.adapters.redis_queue.nodes import Command, Node
from tests.support.supabase import SignedIn, sign_up, the_server
from tests.support.valkey import ValkeyServer, admin

KEPT = (
    "settings",
    "redis_client",
    "queue",
    "request_gate",
    "supabase_http",
    "store",
    "event_bus",
    "request_analysis",
)


@dataclass
class Context:
    """Lambda's, as far as it is asked."""

    aws_request_id: str = "request-1"
    left_ms: int = 20_000

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms


@dataclass
class Api:
    user: SignedIn
    calls: list[str] = field(default_factory=list)
    """Round trips, in order: to Redis the commands' names, to the database its function."""

    def ask(
        self, method: str, path: str, body: str = "", source: str = "192.0.2.1", **headers: str
    ) -> dict[str, Any]:
        """The answer to API Gateway's event; headers by lower-case name."""
        self.calls.clear()
        path, _, query = path.partition("?")
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": {
                "host": "api.example",
                "authorization": f"Bearer {self.user.token}",
                "x-forwarded-for": "198.51.100.1",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
            "requestContext": {
                "http": {"method": method, "path": path, "sourceIp": source, "protocol": "HTTP/1.1"},
                "stage": "$default",
            },
            "body": body,
            "isBase64Encoded": False,
        }
        from api.handler import handle  # with the fixture's event loop: Mangum makes one otherwise

        answer = dict(handle(event, Context()))  # type: ignore[arg-type]
        answer["headers"] = {name.lower(): value for name, value in answer["headers"].items()}
        return answer


@pytest.fixture
def valkey(shared_valkey: ValkeyServer) -> Iterator[ValkeyServer]:
    """The session's Valkey, empty before and after."""
    with admin(shared_valkey) as watcher:
        watcher.flushall()
        yield shared_valkey
        watcher.flushall()


@pytest.fixture
def watcher(valkey: ValkeyServer) -> Iterator[Redis]:
    with admin(valkey) as watcher:
        yield watcher


def forget_all() -> None:
    for name in KEPT:
        getattr(bootstrap, name).cache_clear()
    dependencies.token_verifier.cache_clear()
    dependencies.library_source.cache_clear()


@pytest.fixture
def api(valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    server = the_server()
    environment = {
        "SUPABASE_URL": server.url,
        "SUPABASE_PUBLISHABLE_KEY": server.publishable_key,
        "SUPABASE_SECRET_KEY": server.secret_key,
        "SUPABASE_JWT_SECRET": server.jwt_secret,
        "REDIS_URL": valkey.url,
        "EVENT_BUS_NAME": "bus",
        "POWERTOOLS_METRICS_NAMESPACE": "KnightVision",
        "MAX_GAMES_PER_DAY": "3",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    forget_all()
    # Lambda's runtime has an event loop; another test's asyncio.run may have left none.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    api = Api(sign_up(server))
    answers = Node.answers

    def noted(node: Node, *commands: Command) -> list[Any]:
        api.calls.append(" ".join(str(command[0]).lower() for command in commands))
        return answers(node, *commands)

    monkeypatch.setattr(Node, "answers", noted)
    http = bootstrap.supabase_http()
    http.event_hooks["request"].append(lambda request: api.calls.append(request.url.path.split("/")[-1]))
    api.ask("GET", "/v1/me/quota")  # what follows finds the connections made
    yield api
    http.close()
    bootstrap.redis_client().close()
    forget_all()
    asyncio.set_event_loop(None)
    loop.close()


def pgn(moves: str = "1. e4 e5 *") -> str:
    return f'[White "{uuid.uuid4()}"]\n\n{moves}'


def test_a_submission_is_two_calls_and_three_with_a_key(api: Api) -> None:
    answer = api.ask("POST", "/v1/games", pgn())
    assert answer["statusCode"] == 201
    assert api.calls == ["evalsha evalsha", "add_games_v4"]
    answer = api.ask("POST", "/v1/games", pgn(), idempotency_key="k1")
    assert answer["statusCode"] == 201
    assert api.calls == ["evalsha evalsha set", "add_games_v4", "set"]


def test_a_repetition_is_one_call(api: Api) -> None:
    game = pgn()
    first = api.ask("POST", "/v1/games", game, idempotency_key="k1")
    again = api.ask("POST", "/v1/games", game, idempotency_key="k1")
    assert api.calls == ["evalsha evalsha set"]
    assert (again["statusCode"], again["body"]) == (201, first["body"])
    assert again["headers"]["idempotency-replayed"] == "true"
    other = api.ask("POST", "/v1/games", pgn(), idempotency_key="k1")
    assert json.loads(other["body"])["code"] == "idempotency_key_reused"
    assert api.calls == ["evalsha evalsha set"]


def test_reading_costs_one_call_more(api: Api) -> None:
    assert api.ask("GET", "/v1/games")["statusCode"] == 200
    assert api.calls == ["evalsha evalsha", "list_games_v2"]


def test_the_quota_is_two_calls(api: Api) -> None:
    api.ask("POST", "/v1/games", pgn())
    answer = api.ask("GET", "/v1/me/quota")
    assert api.calls == ["evalsha evalsha evalsha", "usage_v1"]
    limits = json.loads(answer["body"])["limits"]
    assert (limits["games_per_day"]["used"], limits["games_per_day"]["left"]) == (1, 2)
    assert limits["unfinished_games"]["used"] == 0
    assert limits["user_requests"]["left"] < limits["user_requests"]["limit"]


def test_the_day_of_a_user_ends(api: Api) -> None:
    for _ in range(3):
        assert api.ask("POST", "/v1/games", pgn())["statusCode"] == 201
    refused = api.ask("POST", "/v1/games", pgn())
    assert (refused["statusCode"], json.loads(refused["body"])["code"]) == (429, "daily_limit_reached")
    assert int(refused["headers"]["retry-after"]) <= 86_400
    assert json.loads(api.ask("GET", "/v1/games")["body"])["next_cursor"] is None


def test_the_address_is_the_one_that_api_gateway_saw(api: Api, watcher: Redis) -> None:
    api.ask("GET", "/v1/games", source="2001:db8:1:2:3:4:5:6")
    names: Sequence[Any] = list(watcher.scan_iter("kv:rate:address:*"))
    assert "kv:rate:address:2001:db8:1:2::/64" in names
    assert not any("198.51.100.1" in name for name in names)


def test_every_answer_carries_the_limits(api: Api) -> None:
    for method, path in (("GET", "/v1/games"), ("GET", "/v1/nothing"), ("PUT", "/v1/games")):
        headers = api.ask(method, path)["headers"]
        assert '"user";q=100;w=5' in headers["ratelimit-policy"]
        assert '"address";r=' in headers["ratelimit"]


def test_without_redis_games_are_stored_and_counted_by_the_day(api: Api, valkey: ValkeyServer) -> None:
    game = pgn()
    valkey.kill()
    try:
        first = api.ask("POST", "/v1/games", game, idempotency_key="k1")
        again = api.ask("POST", "/v1/games", game, idempotency_key="k1")
        assert (first["statusCode"], again["statusCode"]) == (201, 200)
        assert json.loads(again["body"])["duplicates"] == 1
        assert '"games-per-day";r=2' in again["headers"]["ratelimit"]
        quota = json.loads(api.ask("GET", "/v1/me/quota")["body"])
        assert quota["limits"]["games_per_day"]["used"] == 1
        assert quota["limits"]["unfinished_games"]["used"] is None
    finally:
        valkey.restart()


def test_nothing_stays_of_a_function_that_died(api: Api, watcher: Redis) -> None:
    """It holds the key no longer than it could have run, so a repetition is answered soon."""
    seen: list[int] = []
    answers = Node.answers

    def look(node: Node, *commands: Command) -> list[Any]:
        found = answers(node, *commands)
        for name in watcher.scan_iter("kv:answer:*"):
            ttl: Any = watcher.ttl(name)
            seen.append(ttl)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Node, "answers", look)
        api.ask("POST", "/v1/games", pgn(), idempotency_key="k1")
    assert seen[0] <= Context().left_ms / 1000 + 1
    assert seen[-1] > 86_000
