"""Turns rounds into the table and the goals reached or missed."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.bench.peers.contestants import PEERS, Peer
from tests.bench.peers.rounds import APPS, Names
from tests.bench.rows import Row, aligned

__all__ = ["Results", "goals", "markdown", "version_of"]

GOALS = {Names.one_core: 0.80, Names.two_cores: 0.45}
REPORT = "report of everything Knight Vision says, as JSON"
TOLD = {
    Names.bound: ("forwards, hash cleared for each position: the bound", ""),
    Names.two_pipes: ("the same, positions in turn", ""),
    Names.forwards: ("forwards, hash kept", ""),
    Names.backwards: ("backwards, hash kept", ""),
    Names.one_core: ("segments of the complete phase, backwards", REPORT),
    Names.two_cores: ("the same, two processes", REPORT),
    Names.few_segments: ("segments of the initial phase, backwards", REPORT),
    **{peer.name: (peer.searches, peer.yields) for peer in PEERS},
}


@dataclass(slots=True)
class Results:
    """Everything that was measured, by name."""

    bounds_s: list[float] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    ratios: dict[str, list[float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    """Why a peer has no figures."""

    def add(self, bound_s: float, found: dict[str, tuple[float, float]]) -> None:
        """Add a round: the bound's seconds, and each contestant's with their ratio."""
        self.bounds_s.append(bound_s)
        for name, (seconds, ratio) in found.items():
            self.seconds.setdefault(name, []).append(seconds)
            self.ratios.setdefault(name, []).append(ratio)

    def ratio(self, name: str) -> float:
        """A contestant's seconds of all rounds by those of the bound beside it: long games count for more."""
        beside_s = (
            seconds / ratio for seconds, ratio in zip(self.seconds[name], self.ratios[name], strict=True)
        )
        return sum(self.seconds[name]) / sum(beside_s)


def goals(results: Results) -> list[Row]:
    """Each goal of ours: the bound, and what ours reached."""
    bound_s = sum(results.bounds_s)
    return [
        Row(
            f"PGN to report, {name.partition(', ')[2]}, beside a bare pipe forwards",
            bound_s,
            sum(results.seconds[name]),
            "s",
            results.ratio(name),
            goal,
        )
        for name, goal in GOALS.items()
    ]


def markdown(results: Results) -> str:
    """The table, the fastest first; who has no figures stands last with the reason."""
    rows = [["what", "engine", "yields", "seconds", "ratio (least to greatest)", "budget"]]
    measured = {Names.bound: 1.0}
    measured.update({name: results.ratio(name) for name in results.ratios})
    for name in sorted(measured, key=lambda name: measured[name]):
        seconds = results.bounds_s if name == Names.bound else results.seconds[name]
        ratios = results.ratios.get(name, [])
        spread = f" ({min(ratios):.2f} to {max(ratios):.2f})" if ratios else ""
        shown = [f"{sum(seconds):.2f}", f"{measured[name]:.2f}{spread}", budget_of(name)]
        rows.append([titled(name), *TOLD[name], *shown])
    rows += [
        [titled(name), *TOLD[name], "", f"skipped: {reason}", ""]
        for name, reason in results.failures.items()
        if name not in measured
    ]
    return aligned(rows)


def budget_of(name: str) -> str:
    return f"{GOALS[name]:.2f}" if name in GOALS else ""


def titled(name: str) -> str:
    """The name as it stands in the table: a peer's with its version, ours in bold."""
    for peer in PEERS:
        if peer.name == name:
            first, comma, rest = name.partition(", ")
            return f"{first} {version_of(peer)}{comma}{rest}"
    return f"**{name}**" if name in GOALS else name


def version_of(peer: Peer) -> str:
    """The pinned version of a peer's package."""
    lines = (APPS / f"{peer.library}.txt").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if line.count("==") == 1)
    return pins[peer.package or peer.library.replace("_", "-")]
