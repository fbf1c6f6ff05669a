"""Commands of one key each, whose keys may be in any slot: sent to the nodes that hold them, all at once.

For keys that can be done without: little is done to reach one whose slot is moving, its answer is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis.crc import key_slot
from redis.exceptions import ClusterDownError, MovedError

from knight_vision.adapters.redis_queue.nodes import LOST, Command, Node, Nodes, SlotRange

__all__ = ["SpreadKeys"]


def key_of(command: Command) -> str:
    """A command's only key: the second word, or the fourth where a script is called."""
    return str(command[3 if command[0] in ("EVAL", "EVALSHA") else 1])


class SpreadKeys:
    """The way to keys under no common hash tag, on the connections that the queue has as well."""

    def __init__(self, nodes: Nodes) -> None:
        """Nothing is sent yet."""
        self.nodes = nodes
        self.ranges: list[SlotRange] = []
        """Which node holds which slots, as far as we know."""

    def ask(self, commands: Sequence[Command]) -> list[Any]:
        """The answers, in the order of the commands; see `key_of`.

        One round trip for each node that holds any of the keys: one in all at ElastiCache Serverless, which
        shows a single node. An error answer is in the list. All are sent again, once, when an answer was lost
        or a slot had moved. Raises ConnectionError, TimeoutError or ClusterDownError.
        """
        try:
            answers = self._ask(commands)
        except LOST:  # a connection that was cut while it idled, or a node that is no more
            self._forget()
            return self._ask(commands)
        if not any(isinstance(answer, MovedError) for answer in answers):
            return answers
        self._forget()
        return self._ask(commands)

    def _ask(self, commands: Sequence[Command]) -> list[Any]:
        places: dict[Node, list[int]] = {}
        for place, command in enumerate(commands):
            places.setdefault(self._holder(key_of(command)), []).append(place)
        answers: list[Any] = [None] * len(commands)
        for node, there in places.items():
            found = node.answers(*(commands[place] for place in there))
            for place, answer in zip(there, found, strict=True):
                answers[place] = answer
        return answers

    def _holder(self, key: str) -> Node:
        if not self.nodes.is_cluster:
            return self.nodes.first
        slot = key_slot(key.encode())
        self.ranges = self.ranges or self._look_up()
        for first, last, node in self.ranges:
            if first <= slot <= last:
                return node
        raise ClusterDownError(f"no node serves slot {slot}")

    def _look_up(self) -> list[SlotRange]:
        """What the first node says that answers. Raises what the last one did instead."""
        trouble: Exception = ClusterDownError("no node is known")
        for node in list(self.nodes.known.values()):
            try:
                return self.nodes.slots_by(node)
            except LOST as error:
                trouble = error
        raise trouble

    def _forget(self) -> None:
        """Begin anew, without connections that may be as dead as the one that failed."""
        self.ranges = []
        self.nodes.close()
