"""A real cluster of three Valkeys, whose slots move and whose nodes die as a test wants it."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from redis.crc import key_slot

from infra.local.process import HOST
from tests.support.valkey import ValkeyServer, admin
from tests.support.wait import wait_until

__all__ = ["ClusterNode", "ValkeyCluster"]

SLOTS = ((0, 5460), (5461, 10922), (10923, 16383))
NODE_TIMEOUT_MS = 1_000
"""The others take a node for dead that is silent for so long."""
READY_WITHIN_S = 30.0


class ClusterNode(ValkeyServer):
    """One node, and what only an admin may ask of it."""

    def __init__(self, slots: tuple[int, int]) -> None:
        """`slots`: the first and the last that it has at the beginning."""
        super().__init__(is_alone=False)
        self.slots = slots
        self.node_id = ""

    def call(self, *words: str | int) -> Any:
        """The answer to an admin's command. Raises what redis-py raises."""
        with admin(self) as client:
            return client.execute_command(*words)

    def start(self) -> None:
        """Return when the node takes commands; whether its cluster does is another question."""
        super().start()
        self.call("CONFIG", "SET", "cluster-node-timeout", NODE_TIMEOUT_MS)
        self.node_id = self.call("CLUSTER MYID")

    def serves(self) -> bool:
        """Whether this node sees a whole cluster."""
        info = self.call("CLUSTER INFO")
        return bool(info["cluster_state"] == "ok" and info["cluster_known_nodes"] == str(len(SLOTS)))


class ValkeyCluster:
    """Three nodes with a third of the slots each. They die with the process that started them."""

    def __init__(self) -> None:
        """Nothing runs before `with`."""
        self.nodes = [ClusterNode(slots) for slots in SLOTS]

    def __enter__(self) -> ValkeyCluster:
        try:
            for epoch, node in enumerate(self.nodes, start=1):
                node.start()
                node.call("CLUSTER", "ADDSLOTSRANGE", *node.slots)
                node.call("CLUSTER", "SET-CONFIG-EPOCH", epoch)
            for node in self.nodes[1:]:
                self.nodes[0].call("CLUSTER", "MEET", HOST, node.port or 0, node.bus_port or 0)
            self.wait_until_whole()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End all nodes."""
        for node in self.nodes:
            node.stop()

    def holder(self, key: str) -> ClusterNode:
        """The node that has a key's slot, as all nodes that run see it; waits until they agree."""
        found: set[str] = set()

        def agreed() -> bool:
            found.clear()
            found.update(self._holder_by(node, key_slot(key.encode())) for node in self.running())
            return len(found) == 1

        wait_until(agreed, timeout_s=READY_WITHIN_S, description=f"the nodes agree who holds {key}")
        [node_id] = found
        return next(node for node in self.nodes if node.node_id == node_id)

    def others(self, *nodes: ValkeyServer) -> list[ClusterNode]:
        """All nodes but these."""
        return [node for node in self.nodes if node not in nodes]

    def running(self) -> list[ClusterNode]:
        """The nodes that were not killed."""
        return [node for node in self.nodes if node.process is not None]

    def wait_until_whole(self) -> None:
        """Return when every running node sees a cluster that serves all slots."""
        wait_until(
            lambda: all(node.serves() for node in self.running()),
            timeout_s=READY_WITHIN_S,
            description="all slots are served",
        )

    def open_move(self, key: str, target: ClusterNode) -> None:
        """Begin to move a key's slot: its keys stay, new ones go to the target."""
        slot, source = key_slot(key.encode()), self.holder(key)
        target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source.node_id)
        source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target.node_id)

    def move_keys(self, source: ClusterNode, target: ClusterNode, *keys: str) -> None:
        """Move keys of a slot whose move is open."""
        for key in keys:
            source.call("MIGRATE", HOST, target.port or 0, key, 0, 5_000)

    def close_move(self, key: str, source: ClusterNode, target: ClusterNode) -> None:
        """Move what is left of a slot whose move is open, and hand the slot over."""
        slot = key_slot(key.encode())
        while left := source.call("CLUSTER GETKEYSINSLOT", slot, 100):
            self.move_keys(source, target, *left)
        for node in (target, source, *self.others(target, source)):
            node.call("CLUSTER", "SETSLOT", slot, "NODE", target.node_id)

    def move(self, key: str, target: ClusterNode) -> None:
        """Move a key's slot with all that is in it, key by key."""
        source = self.holder(key)
        self.open_move(key, target)
        self.close_move(key, source, target)

    def move_at_once(self, key: str, target: ClusterNode) -> None:
        """Move a key's slot with all that is in it as Valkey does it since version 9: in one step."""
        slot, source = key_slot(key.encode()), self.holder(key)
        source.call("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", target.node_id)
        wait_until(
            lambda: self._holder_by(source, slot) == target.node_id,
            timeout_s=READY_WITHIN_S,
            description=f"slot {slot} is moved",
        )

    def take_over(self, lost: ClusterNode, heir: ClusterNode) -> None:
        """Give the slots of a node that is gone to another, empty: a failover that lost everything."""
        for node in self.others(lost):
            node.call("CLUSTER", "DELSLOTSRANGE", *lost.slots)
        heir.call("CLUSTER", "ADDSLOTSRANGE", *lost.slots)
        heir.call("CLUSTER", "BUMPEPOCH")
        wait_until(
            lambda: all(node.call("CLUSTER INFO")["cluster_state"] == "ok" for node in self.others(lost)),
            timeout_s=READY_WITHIN_S,
            description="the others serve all slots",
        )

    def _holder_by(self, node: ClusterNode, slot: int) -> str:
        """The id of the node that has a slot, in the eyes of one node; empty when none has."""
        for first, last, (_host, _port, node_id, *_), *_ in node.call("CLUSTER", "SLOTS"):
            if first <= slot <= last:
                return str(node_id)
        return ""
