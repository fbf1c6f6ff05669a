"""In-memory ports without a twin to be compared with: a bus, an observer and a clock that remember."""

from __future__ import annotations

from dataclasses import dataclass, field

from knight_vision.domain.phase import Phase
from knight_vision.errors import EventBusUnavailableError


@dataclass
class RecordingBus:
    """An EventBus that remembers its calls; `is_away` makes it fail as EventBridge would."""

    calls: list[Phase] = field(default_factory=list)
    is_away: bool = False

    def phase_ready(self, phase: Phase, calls: int = 1) -> None:
        self.ping()
        self.calls.extend([phase] * calls)

    def ping(self) -> None:
        if self.is_away:
            raise EventBusUnavailableError("away")


@dataclass
class RecordingObserver:
    """An Observer that remembers what it was told."""

    events: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    metrics: list[tuple[str, float, dict[str, str]]] = field(default_factory=list)
    """Name, value, dimensions."""

    def happened(self, event: str, **fields: object) -> None:
        self.events.append((event, fields))

    def went_wrong(self, event: str, error: Exception, **fields: object) -> None:
        self.events.append((event, {**fields, "error": error}))

    def measured(self, metric: str, value: float, unit: str, **dimensions: str) -> None:
        self.metrics.append((metric, value, dimensions))

    def names(self) -> list[str]:
        return [name for name, _fields in self.events]


@dataclass
class ManualClock:
    """A Clock that moves only when told to."""

    ms: int = 1_800_000_000_000

    def now_ms(self) -> int:
        return self.ms

    def monotonic_s(self) -> float:
        return self.ms / 1000

    def sleep(self, seconds: float) -> None:
        self.ms += round(seconds * 1000)

    def advance(self, ms: int) -> None:
        self.ms += ms
