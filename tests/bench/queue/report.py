"""Turns rounds into tables and goals reached or missed."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.queue.contestants import OURS, PEERS, Facts, Peer
from tests.bench.queue.ours import OurFigures
from tests.bench.queue.peer_runs import PeerFigures, version_of
from tests.bench.queue.scale import SMALL, ScaleFigures
from tests.bench.queue.servers import CLUSTER
from tests.bench.rows import Row, aligned

__all__ = ["Ratios", "Results", "goals", "markdown"]

ENQUEUE_GOAL = 0.65
CLAIM_GOAL = 0.70
SCALE_GOAL = 1.5


@dataclass(slots=True)
class Ratios:
    """What one thing reached in each round: the bound's time by its time, and its own time."""

    ratios: list[float] = field(default_factory=list)
    one_s: list[float] = field(default_factory=list)

    def add(self, bound_one_s: float, one_s: float) -> None:
        """Add a round."""
        self.ratios.append(bound_one_s / one_s)
        self.one_s.append(one_s)

    @property
    def median(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(self.ratios)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.ratios):.2f} to {max(self.ratios):.2f})"

    @property
    def median_us(self) -> float:
        """Median time of one, in microseconds."""
        return statistics.median(self.one_s) * 1e6

    @property
    def rate(self) -> str:
        """Median rate: `9,300/s`."""
        return f"{1 / statistics.median(self.one_s):,.0f}/s"


@dataclass(slots=True)
class Results:
    """Everything that was measured."""

    ours: dict[str, list[OurFigures]] = field(default_factory=dict)
    """By mode."""
    peers: dict[Peer, list[PeerFigures]] = field(default_factory=dict)
    failures: dict[Peer, str] = field(default_factory=dict)
    """Why a peer has no row of figures."""
    scale: list[ScaleFigures] = field(default_factory=list)

    def our_enqueue(self, mode: str) -> Ratios:
        """Enqueueing what a request makes."""
        found = Ratios()
        for figures in self.ours[mode]:
            found.add(figures.bounds.enqueue_one_s, figures.enqueue.one_s)
        return found

    def our_claim(self, mode: str) -> Ratios:
        """Claim and finish_segment."""
        found = Ratios()
        for figures in self.ours[mode]:
            found.add(figures.bounds.claim_one_s, figures.claim_finish.one_s)
        return found

    def peer_enqueue(self, peer: Peer) -> Ratios:
        """Enqueueing a job."""
        found = Ratios()
        for figures in self.peers[peer]:
            found.add(figures.bounds.enqueue_one_s, figures.enqueue_one_s)
        return found

    def peer_claim(self, peer: Peer) -> Ratios:
        """Claim and acknowledgement."""
        found = Ratios()
        for figures in self.peers[peer]:
            found.add(figures.bounds.claim_one_s, figures.claim_one_s)
        return found


def goals(results: Results) -> list[Row]:
    """Each goal of ours: the bound, or the best peer that promises as much, and what ours reached."""
    enqueue, claim = results.our_enqueue(CLUSTER), results.our_claim(CLUSTER)
    first = results.ours[CLUSTER]
    bounds_us = (
        statistics.median(figures.bounds.enqueue_one_s for figures in first) * 1e6,
        statistics.median(figures.bounds.claim_one_s for figures in first) * 1e6,
    )
    kinds = (
        ("enqueue", bounds_us[0], enqueue, ENQUEUE_GOAL, results.peer_enqueue),
        ("claim and finish", bounds_us[1], claim, CLAIM_GOAL, results.peer_claim),
    )
    found = [
        Row(what, bound_us, ours.median_us, "µs", ours.median, goal, at_least=True)
        for what, bound_us, ours, goal, _ in kinds
    ]
    rivals = [peer for peer, rounds in results.peers.items() if rounds and peer.facts.at_least_once]
    for what, _, ours, _, of_peer in kinds if rivals else ():
        best, name = max((of_peer(peer).median, peer.name) for peer in rivals)
        told = f"{what}, beside {name}, the best peer with at-least-once"
        found.append(Row(told, ratio=ours.median, budget=best, at_least=True))
    found += [
        Row(
            f"claim of {figures.whose}, {figures.large:,} waiting beside {SMALL:,}",
            *figures.claim_us,
            "µs",
            figures.claim_ratio,
            SCALE_GOAL,
        )
        for figures in results.scale
    ]
    return found


def markdown(results: Results) -> str:
    """The tables."""
    parts = [speed_table(results), "", detail_table(results)]
    if results.scale:
        parts += ["", scale_table(results.scale)]
    if results.peers:
        parts += ["", promises_table()]
    return "\n".join(parts)


def speed_table(results: Results) -> str:
    rows = [["queue", "server", "worker", "enqueue", "claim and acknowledge", "rates"]]
    for mode in results.ours:
        enqueue, claim = results.our_enqueue(mode), results.our_claim(mode)
        rates = f"{enqueue.rate}, {claim.rate}"
        rows.append(["**Knight Vision**", mode, "one after the other", str(enqueue), str(claim), rates])
    for peer, rounds in results.peers.items():
        name = f"{peer.name} {version_of(peer.library)}"
        if peer in results.failures or not rounds:
            rows.append([name, peer.mode, peer.concurrency, results.failures.get(peer, ""), "", ""])
            continue
        enqueue, claim = results.peer_enqueue(peer), results.peer_claim(peer)
        rates = f"{enqueue.rate}, {claim.rate}"
        rows.append([name, peer.mode, peer.concurrency, str(enqueue), str(claim), rates])
    return aligned(rows)


def detail_table(results: Results) -> str:
    """Ours in more shapes, in microseconds."""
    rows = [["ours, median of the rounds", *(f"{mode}, µs (ratio)" for mode in results.ours)]]
    kinds = (
        ("bound: LPUSH", "enqueue", None),
        ("enqueue, initial phase (1 segment)", "enqueue", "enqueue"),
        ("enqueue, 10 segments", "enqueue", "enqueue_ten"),
        ("bound: BLMOVE and LREM", "claim", None),
        ("claim and finish a segment", "claim", "claim_finish"),
        ("the same with its share of the report: read_evaluations, advance", "claim", "whole"),
        ("the same with results of nine positions, lines of ten moves", "claim", "whole_real"),
    )
    for what, bound, kind in kinds:
        row = [what]
        for rounds in results.ours.values():
            found = Ratios()
            for figures in rounds:
                bound_s = figures.bounds.enqueue_one_s if bound == "enqueue" else figures.bounds.claim_one_s
                found.add(bound_s, bound_s if kind is None else getattr(figures, kind).one_s)
            row.append(f"{found.median_us:.0f} ({found.median:.2f})")
        rows.append(row)
    return aligned(rows)


def scale_table(scale: Sequence[ScaleFigures]) -> str:
    large = scale[0].large
    rows = [["backlog of", f"claim, µs: {SMALL:,} and {large:,} waiting", "enqueue, µs", "bytes a segment"]]
    rows += [
        [
            figures.whose,
            f"{figures.claim_us[0]:.0f} and {figures.claim_us[1]:.0f} ({figures.claim_ratio:.2f})",
            f"{figures.enqueue_us[0]:.0f} and {figures.enqueue_us[1]:.0f} ({figures.enqueue_ratio:.2f})",
            f"{figures.bytes_per_segment:.0f}",
        ]
        for figures in scale
    ]
    return aligned(rows)


def promises_table() -> str:
    names: dict[Facts, str] = {}
    for peer in PEERS:
        names.setdefault(peer.facts, peer.name)
    rows = [["queue", "at least once", "priorities", "leases", "fencing", "cluster"]]
    rows += [["**Knight Vision**", *words(OURS)]]
    rows += [[name, *words(facts)] for facts, name in names.items()]
    return aligned(rows)


def words(facts: Facts) -> list[str]:
    is_sure = "yes" if facts.at_least_once else "no"
    return [is_sure, facts.priorities, facts.leases, facts.fencing, facts.cluster]
