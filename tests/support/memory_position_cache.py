"""The in-memory PositionCache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.position_cache import PositionKey

__all__ = ["MemoryPositionCache"]


@dataclass
class MemoryPositionCache:
    """See ports.PositionCache; `is_away` makes it do what it does when Redis is away. Nothing expires."""

    entries: dict[PositionKey, Evaluation] = field(default_factory=dict)
    is_away: bool = False
    calls: list[str] = field(default_factory=list)

    def read(self, keys: Sequence[PositionKey]) -> dict[PositionKey, Evaluation]:
        self.calls.append("read")
        return {} if self.is_away else {key: self.entries[key] for key in keys if key in self.entries}

    def write(self, entries: Mapping[PositionKey, Evaluation]) -> None:
        self.calls.append("write")
        if not self.is_away:
            self.entries.update(entries)
