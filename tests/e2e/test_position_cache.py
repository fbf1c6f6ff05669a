"""Evaluations that games share, through every real part: the same game of two users is searched once."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from redis import Redis

from tests.e2e.conftest import SMALL_LIMITS
from tests.support.builders import example
from tests.support.stack import LocalStack
from tests.support.users import Api

OPERA = example("morphy-opera-1858")
UNMISTAKABLE = 99_999
"""Nodes that no search under these limits takes."""


@pytest.fixture(scope="module")
def stack() -> Iterator[LocalStack]:
    """A stack with the cache as it is deployed."""
    with LocalStack(parameters=SMALL_LIMITS) as stack:
        yield stack


@pytest.fixture
def redis(stack: LocalStack) -> Iterator[Redis]:
    with Redis.from_url(stack.ready["redis_admin_url"], decode_responses=True, protocol=2) as redis:
        yield redis


def analyse(api: Api) -> list[dict[str, object]]:
    """The rows of the last phase's report."""
    game_id = api.submit(OPERA)
    api.annotate(game_id)
    return list(api.finished(game_id)["moves"])


def test_the_same_game_of_another_user_is_taken_from_the_cache(api: Api, stranger: Api, redis: Redis) -> None:
    first = analyse(api)
    names = list(redis.scan_iter("knight-vision:position:*"))
    assert len(names) == 3 * 33, "in each phase every position but the mate"
    assert all(0 < redis.ttl(name) <= 86_400 for name in names)
    mark_entries(redis, names)
    second = analyse(stranger)
    assert [row["nodes"] for row in second] == [UNMISTAKABLE] * 32 + [None]
    assert [without_nodes(row) for row in second] == [without_nodes(row) for row in first]
    assert all(redis.ttl(name) > 86_400 for name in names)


def mark_entries(redis: Redis, names: list[str]) -> None:
    """Give all entries a number of nodes by which they are known again."""
    for name in names:
        fields = json.loads(str(redis.get(name)))
        fields[4] = UNMISTAKABLE
        redis.set(name, json.dumps(fields), keepttl=True)


def without_nodes(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "nodes"}
