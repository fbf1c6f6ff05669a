"""What a drill came to: what was done, how long each step of the recovery took, and what must hold."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Check", "Outcome", "table"]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold."""

    what: str
    is_ok: bool
    seen: str = ""
    """What was seen, in a few words."""


@dataclass(slots=True)
class Outcome:
    """One drill."""

    name: str
    done: str
    """What was done to the stack."""
    games: int = 0
    """Analyses that were asked for."""
    under_way: int = 0
    """Those of them that were not finished when it was done."""
    recovery: list[tuple[str, float]] = field(default_factory=list)
    """Step → seconds since the lost part was back."""
    checks: list[Check] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        """True when it was a drill at all, and all that must hold was looked at and does."""
        return self.under_way > 0 and bool(self.checks) and all(check.is_ok for check in self.checks)

    def took(self, step: str, seconds: float) -> None:
        """Note a step of the recovery."""
        self.recovery.append((step, seconds))

    def must(self, what: str, is_ok: bool, seen: str = "") -> None:
        """Note a check."""
        self.checks.append(Check(what, is_ok, seen))


def table(outcomes: list[Outcome]) -> str:
    """All drills as text: a line for each drill, step and check.

    >>> outcome = Outcome("Redis lost", "killed", 2, 1, [("all done", 61.5)], [Check("nothing failed", True)])
    >>> print(table([outcome]))
    PASS  Redis lost: killed, with 1 of 2 analyses under way
            61.5 s  all done
              PASS  nothing failed
    """
    lines = []
    for one in outcomes:
        about = f"{one.done}, with {one.under_way} of {one.games} analyses under way"
        lines.append(f"{word(one.is_ok)}  {one.name}: {about}")
        lines += [f"{seconds:12.1f} s  {step}" for step, seconds in one.recovery]
        lines += [
            f"{word(check.is_ok):>14}  {check.what}{check.seen and f' ({check.seen})'}"
            for check in one.checks
        ]
    return "\n".join(lines)


def word(is_ok: bool) -> str:
    return "PASS" if is_ok else "FAIL"
