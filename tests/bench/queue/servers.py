"""The two Valkeys of the bench, the same in everything but cluster mode."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from redis import Redis

from infra.local.valkey import REFUSED_COMMANDS, START_TIMEOUT_S, ValkeyServer
from tests.bench.queue.cores import Cores

__all__ = ["CLUSTER", "MODES", "PLAIN", "PlainValkey", "Servers", "empty", "process_ids", "started_servers"]

CLUSTER, PLAIN = "cluster", "plain"
MODES = (CLUSTER, PLAIN)
Servers = dict[str, ValkeyServer]
"""By mode."""


class PlainValkey(ValkeyServer):
    """The project's Valkey without cluster mode, and with every command, for clients that need either."""

    def _command(self, bus_port: int) -> list[str | Path]:
        words = super()._command(bus_port)
        for option in ("--cluster-enabled", "--cluster-port", "--cluster-config-file"):
            at = words.index(option)
            del words[at : at + 2]
        refused = {f"-{command}" for command in REFUSED_COMMANDS}
        return [word for word in words if word not in refused]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if self._ask("PING").startswith("+PONG"):
                    return
            time.sleep(0.01)
        raise TimeoutError(f"Valkey on port {self.port} is not ready after {START_TIMEOUT_S:g} s")


@contextlib.contextmanager
def started_servers(cores: Cores) -> Iterator[Servers]:
    """Both, pinned; gone afterwards."""
    with ValkeyServer() as cluster, PlainValkey() as plain:
        servers: Servers = {CLUSTER: cluster, PLAIN: plain}
        for process_id in process_ids(servers):
            cores.pin_server(process_id)
        yield servers


def process_ids(servers: Servers) -> list[int]:
    """Of running servers."""
    return [server.process.pid for server in servers.values() if server.process]


def empty(server: ValkeyServer) -> None:
    """Remove every key of a server."""
    with Redis.from_url(server.admin_url) as client:
        client.flushall()
