"""SQL, PostgREST filters, Lua and log lines, through every field of every operation of the running system.

The fields come from the OpenAPI document. Nothing crashes, nothing of another user is answered or changed,
and nothing is in Redis that does not belong there.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from tests.support.hostile_requests import PAYLOADS, fields_of, published_operations
from tests.support.stack import LocalStack
from tests.support.users import PGN_TYPE, Api

OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for method, path, operation in published_operations()
]
GAME = '[White "{white}"]\n[Black "{black}"]\n\n1. f3 e5 2. g4 Qh4# *'
VICTIMS_NAME = "Zukertort-4f1d"
KNOWN_KEYS = re.compile(
    r"canary|\{[\w-]+\}:(waiting|leases|calls|behind):[a-z]+(:\d)?|\{[\w-]+\}:results:[0-9a-f-]{36}"
    r"|\{[\w-]+\}:(lines|attempts|holders|exhausted|jobs|records|users|rates|activity|store_away)"
    r"|[\w-]+:rate:(user:[0-9a-f-]{36}|address:[0-9a-f.:/]+)|[\w-]+:answer:post#[0-9a-f]+|[\w-]+:position:\w+"
)
USER_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Victim:
    """Another user, who is not to notice anything."""

    api: Api
    game_id: str
    had: Any

    def has(self) -> Any:
        """Everything that is kept of the victim."""
        return self.api.get("/v1/me/export").json()

    def assert_untouched(self) -> None:
        assert self.has() == self.had

    def assert_not_in(self, answer: httpx.Response) -> None:
        """Nothing of the victim, and none of the service's keys, is in an answer."""
        whole = answer.text + str(answer.headers)
        for secret in (VICTIMS_NAME, self.api.user_id, self.game_id, self.api.token):
            assert secret not in whole


@pytest.fixture(scope="module")
def victim(stack: LocalStack) -> Iterator[Victim]:
    with Api.of_new_user(stack) as api:
        game_id = api.submit(GAME.format(white=VICTIMS_NAME, black="Steinitz"))
        api.annotate(game_id)
        api.finished(game_id)
        api.post(f"/v1/games/{game_id}/analysis/feedback", json={"rating": 4, "comment": "Mine."})
        victim = Victim(api, game_id, None)
        victim.had = victim.has()
        assert VICTIMS_NAME in json.dumps(victim.had)
        yield victim


@pytest.fixture(scope="module")
def redis(stack: LocalStack) -> Iterator[Redis]:
    with Redis.from_url(stack.ready["redis_admin_url"], decode_responses=True, protocol=2) as client:
        client.set("canary", "alive")
        yield client
        client.delete("canary")


@pytest.fixture
def operator(stack: LocalStack) -> Iterator[Api]:
    """A new user who may call every operation."""
    with Api.of_new_user(stack) as api:
        stack.make_operator(api.user_id)
        yield api


def sent(api: Api, **request: Any) -> httpx.Response:
    """The answer, once there is room for the request: that there are limits is not what is tried here."""
    while (answer := api.request(**request)).status_code == 429:
        time.sleep(float(answer.headers["Retry-After"]))
    return answer


def assert_sound(redis: Redis) -> None:
    """Redis was neither emptied nor written to by others than the scripts."""
    assert redis.get("canary") == "alive"
    for key in redis.scan_iter():
        assert KNOWN_KEYS.fullmatch(key), key
        if key.endswith(":users"):
            users: Any = redis.hkeys(key)
            assert all(USER_ID.fullmatch(user) for user in users)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_no_field_is_taken_for_code(
    stack: LocalStack,
    victim: Victim,
    operator: Api,
    redis: Redis,
    method: str,
    path: str,
    operation: dict[str, Any],
) -> None:
    begun = sent(
        operator, method="POST", url="/v1/games", params={"annotate": True}, json={"pgn": "1. e4 e5 *"}
    )
    ids = {"game_id": begun.json()["games"][0]["id"], "batch_id": begun.json()["batch_id"]}
    tried = 0
    for field in fields_of(method, path, operation):
        for text in PAYLOADS:
            answer = sent(operator, **field.request(text, ids))
            tried += 1
            assert answer.status_code < 500, f"{field.where} {field.name}: {text!r}: {answer.text[:300]}"
            victim.assert_not_in(answer)
            for key in ("supabase_secret_key", "supabase_jwt_secret", "redis_url"):
                assert stack.ready[key] not in answer.text
            if answer.headers["Content-Type"] == "application/problem+json":
                assert answer.json()["status"] == answer.status_code
    assert tried >= len(PAYLOADS)
    victim.assert_untouched()
    assert_sound(redis)


def escaped(text: str) -> str:
    """A tag's value as PGN writes it."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


PRINTABLE = [text for text in PAYLOADS if text.isprintable()]
TAGS = (
    "Event",
    "Site",
    "Date",
    "Round",
    "Result",
    "ECO",
    "Opening",
    "TimeControl",
    "WhiteElo",
    "Annotator",
    "X",
)


def test_names_are_stored_and_looked_for_as_they_are(api: Api, victim: Victim) -> None:
    names = [*PRINTABLE, "%", "_", "100%", "a_b", "\\", "*"]
    pgn = "\n\n".join(GAME.format(white=escaped(text), black="-") for text in names)
    games = api.post("/v1/games", content=pgn, headers={"Content-Type": PGN_TYPE}).json()["games"]
    assert [game["white"] for game in games] == names
    for text in names:
        for name in ("white", "player"):
            found = sent(api, method="GET", url="/v1/games", params={name: text}).json()["games"]
            expected = {white for white in names if text.lower() in white.lower()}
            assert {game["white"] for game in found} == expected
        for name in ("black", "opening"):
            assert sent(api, method="GET", url="/v1/games", params={name: text}).json()["games"] == []
    victim.assert_untouched()


@pytest.mark.parametrize("text", PRINTABLE)
def test_a_pgn_is_stored_as_it_is(api: Api, victim: Victim, redis: Redis, text: str) -> None:
    """Every kind of tag, a comment in every place; and the analysis goes its way with it."""
    tags = "".join(f'[{name} "{escaped(text)}"]\n' for name in TAGS)
    comment = text.replace("}", ")")
    game_id = api.submit(f"{tags}\n{{{comment}}} 1. f3 {{{comment}}} e5 2. g4 ({{{comment}}} 2. e4) Qh4# *")
    headers = api.get(f"/v1/games/{game_id}").json()["headers"]
    assert {name: headers[name] for name in TAGS if name != "Result"} == dict.fromkeys(
        (name for name in TAGS if name != "Result"), text
    )
    assert headers["Result"] == "*"
    api.annotate(game_id)
    api.finished(game_id)
    annotated = api.get(f"/v1/games/{game_id}/analysis", headers={"Accept": PGN_TYPE})
    assert '[Annotator "Knight Vision"]' in annotated.text
    assert f'[Site "{escaped(text)}"]' in annotated.text
    victim.assert_untouched()
    assert_sound(redis)


def logs_of(stack: LocalStack) -> dict[str, list[str]]:
    """The lines that each function wrote."""
    files = sorted(Path(stack.ready["logs"]).glob("*Function.log"))
    return {path.stem: path.read_text(errors="replace").split("\n") for path in files}


def test_what_callers_send_forges_no_log_line_and_no_secret_is_logged(
    stack: LocalStack, api: Api, victim: Victim
) -> None:
    mark = api.user_id[:8]
    ids = [f'{mark}-{number}","level":"CRITICAL","x":"\\n\\u001b[31m%0a{{}}' for number in range(4)]
    game_id = api.submit(GAME.format(white='\\"}\\n{\\"level\\":\\"CRITICAL\\"', black=mark))
    bad_key = {"Idempotency-Key": '"}\t{"level":"CRITICAL"}'}
    api.post("/v1/games", headers={**bad_key, "X-Request-Id": f"{mark}-key"})
    api.post(f"/v1/games/{game_id}/enhanced-annotate", headers={"X-Request-Id": ids[0]})
    api.finished(game_id)
    feedback = {"rating": 1, "comment": '\n{"level":"CRITICAL","message":"forged"}\n'}
    api.post(f"/v1/games/{game_id}/analysis/feedback", json=feedback, headers={"X-Request-Id": ids[1]})
    api.get("/v1/games/%0a%7B%22level%22:%22CRITICAL%22%7D%0a", headers={"X-Request-Id": ids[2]})
    api.delete(f"/v1/games/{game_id}", headers={"X-Request-Id": ids[3]})
    seen: set[str] = set()
    for function, lines in logs_of(stack).items():
        for line in lines:
            for secret in ("supabase_secret_key", "supabase_jwt_secret", "redis_url"):
                assert stack.ready[secret] not in line, f"{secret} in {function}'s log"
            assert api.token not in line
            assert victim.api.token not in line
            assert not line.lstrip().startswith('{"level":"CRITICAL"'), line
            if mark in line:
                entry = json.loads(line)
                assert entry["level"] == "INFO", line
                seen.add(entry["correlation_id"])
    assert {ids[0], ids[1], ids[3]} <= seen
