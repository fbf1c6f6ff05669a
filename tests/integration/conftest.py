"""The servers that integration tests share, each started when first asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from knight_vision.adapters.redis_queue.keys import Keys
from tests.support.valkey import ValkeyServer, admin, leaked_keys


@pytest.fixture(scope="session")
def shared_valkey() -> Iterator[ValkeyServer]:
    """One Valkey for the session; ask for `valkey` instead."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def valkey(shared_valkey: ValkeyServer) -> Iterator[ValkeyServer]:
    """An empty Valkey. The test fails when a key outlives the jobs of a queue with the prefix `kv`."""
    client = admin(shared_valkey)
    client.flushall()
    yield shared_valkey
    leaked = leaked_keys(client, Keys("kv").permanent)
    client.flushall()
    client.close()
    assert not leaked, f"these keys outlived their jobs: {sorted(leaked)}"
