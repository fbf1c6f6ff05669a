"""The servers of one Redis or Valkey, and which of them holds the queue's keys.

All of these share one hash tag, hence one slot and one node. So commands go straight to that node's plain
connection, and only its answers (MOVED, ASK, TRYAGAIN, CLUSTERDOWN) or its silence make us look elsewhere.
redis-py's own cluster client looks up every key of every command, and its pool polls each connection before
each use.
"""

from __future__ import annotations

import time
from typing import Any

from hiredis import pack_command
from redis.connection import Connection, ConnectionPool
from redis.crc import key_slot
from redis.exceptions import (
    AskError,
    ClusterDownError,
    ConnectionError,  # noqa: A004
    MovedError,
    ResponseError,
    TimeoutError,  # noqa: A004
    TryAgainError,
)

__all__ = ["LOST", "Command", "Node", "Nodes", "SlotRange"]

Command = tuple[str | int | float, ...]

RETRY_AFTER_S = 0.05
PATIENCE_S = 1.0
"""So long we follow a slot that moves. A script whose keys are on two nodes gets TRYAGAIN meanwhile."""
LOST = (ClusterDownError, ConnectionError, TimeoutError)
NOT_HERE = (AskError, TryAgainError, *LOST)
ASKING: Command = ("ASKING",)
CLUSTER_SLOTS: Command = ("CLUSTER", "SLOTS")


class Node:
    """One server and the idle connections to it. Threads may share it: each call has its own connection."""

    def __init__(self, pool: ConnectionPool, host: str, port: int) -> None:
        """`pool` has the options of connections. Nothing is sent yet."""
        self.host = host
        self.port = port
        self.connection_class = pool.connection_class
        self.options = {**pool.connection_kwargs, "host": host, "port": port}
        self.idle: list[Connection] = []

    def ask(self, *commands: Command) -> list[Any]:
        """As `answers`, but raises the first error answer that says that the keys are not here."""
        answers = self.answers(*commands)
        for answer in answers:
            if isinstance(answer, NOT_HERE):
                raise answer
        return answers

    def answers(self, *commands: Command) -> list[Any]:
        """The answers to commands that are sent at once. Error answers are in the list.

        Raises ConnectionError or TimeoutError when an answer was lost: nobody knows then what was done.
        """
        connection = self._idle_connection() or self.connection_class(**self.options)
        try:
            # redis-py's own packing first looks at each argument in Python, which takes longer than this.
            packed = [pack_command(command) for command in commands]  # type: ignore[arg-type]  # of any length
            connection.send_packed_command([b"".join(packed)])  # connects when need be
            answers = [answer_on(connection) for _ in commands]
        except BaseException:
            connection.disconnect()  # an answer may still be on its way
            raise
        self.idle.append(connection)
        return answers

    def close(self) -> None:
        """Close the idle connections."""
        while connection := self._idle_connection():
            connection.disconnect()  # type: ignore[no-untyped-call]

    def _idle_connection(self) -> Connection | None:
        try:
            return self.idle.pop()  # like append, safe without a lock
        except IndexError:
            return None


def answer_on(connection: Connection) -> Any:
    """The next answer, also when it is an error."""
    try:
        return connection.read_response()
    except ResponseError as error:
        return error


SlotRange = tuple[int, int, Node]
"""The first and the last slot of a range, and the node that holds them."""


class Nodes:
    """The nodes known so far, and the one that holds the keys."""

    def __init__(self, pool: ConnectionPool, *, is_cluster: bool) -> None:
        """`pool` has the options of connections, with the address of any node. Nothing is sent yet."""
        self.pool = pool
        self.is_cluster = is_cluster
        self.known: dict[tuple[str, int], Node] = {}
        options = pool.connection_kwargs
        self.first = self.node_at(options.get("host", "localhost"), options.get("port", 6379))
        self.home: Node | None = None
        """The node that holds the keys, as far as we know."""
        self.lost: Node | None = None
        """The node that did not answer last."""

    def ask(self, key: str, *commands: Command) -> list[Any]:
        """The answers of the node that holds the key, wherever that is by now; see Node.ask.

        All commands are sent again, once, when an answer was lost, and when a key was not there.
        """
        give_up_at = time.monotonic() + PATIENCE_S
        node, is_asking, is_repeated = self.home, False, False
        while True:
            try:
                node = node or self._find(key, give_up_at)
                if is_asking:
                    return node.ask(*(one for command in commands for one in (ASKING, command)))[1::2]
                return node.ask(*commands)
            except AskError as error:  # its slot is moving, or has moved: MOVED is one of its kind
                if time.monotonic() > give_up_at:
                    raise
                is_asking = not isinstance(error, MovedError)
                node = self.node_at(error.host or (node or self.first).host, error.port)
                if not is_asking:
                    self.home = node
                    time.sleep(RETRY_AFTER_S)  # two nodes that name each other are asked no more than that
            except TryAgainError:  # some of a script's keys have moved, others have not
                if time.monotonic() > give_up_at:
                    raise
                node, is_asking = self.home, False
                time.sleep(RETRY_AFTER_S)
            except LOST:
                self._forget(node)
                if is_repeated:
                    raise
                node, is_asking, is_repeated = None, False, True
                time.sleep(RETRY_AFTER_S)

    def close(self) -> None:
        """Close the idle connections."""
        for node in list(self.known.values()):
            node.close()

    def node_at(self, host: str, port: int) -> Node:
        """The node with an address, known or new."""
        return self.known.setdefault((host, port), Node(self.pool, host, port))

    def _forget(self, node: Node | None) -> None:
        if node:
            node.close()  # its other connections are as dead
            self.home, self.lost = None, node

    def _find(self, key: str, give_up_at: float) -> Node:
        """The node that holds a key, by what the known nodes say. Raises as Node.ask."""
        if not self.is_cluster:
            self.home = self.first
            return self.first
        slot = key_slot(key.encode())
        trouble: Exception = ClusterDownError(f"no node serves slot {slot}")
        for node in sorted(self.known.values(), key=lambda node: node is self.lost):
            node.close()  # what idled here since the last time may be dead
            try:
                ranges = self.slots_by(node)
            except LOST as error:
                trouble = error
                if time.monotonic() > give_up_at:
                    break
                continue
            for first, last, holder in ranges:
                if first <= slot <= last:
                    self.home = holder
                    return holder
        raise trouble

    def slots_by(self, node: Node) -> list[SlotRange]:
        """Which node holds which slots, as one of them sees it. Raises as Node.ask, and ResponseError."""
        [ranges] = node.ask(CLUSTER_SLOTS)
        if isinstance(ranges, ResponseError):
            raise ranges
        return [
            (first, last, self.node_at(host or node.host, port))  # no host is the one that was asked
            for first, last, (host, port, *_), *_ in ranges
        ]
