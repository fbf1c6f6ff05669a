"""The Engine port on a warm Stockfish process that is kept from one invocation to the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType

from knight_vision.adapters.segment_search import SegmentSearch
from knight_vision.adapters.uci import UciProcess
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.job import SegmentResult
from knight_vision.domain.phase import Limit
from knight_vision.domain.segments import Segment
from knight_vision.errors import EngineError

__all__ = ["Stockfish"]


class Stockfish:
    """One single-threaded Stockfish, started at the first search and again after it died."""

    def __init__(self, path: str, *, hash_mb: int) -> None:
        """`path` of the binary; `hash_mb`: size of the hash table in MiB."""
        self._path = path
        self._options = {"Threads": "1", "Hash": str(hash_mb)}
        self._process: UciProcess | None = None
        self._is_chess960 = False
        self._forgets = False
        """True when the engine was told already to forget what it has searched."""

    @property
    def name(self) -> str:
        """The engine's own name, such as `Stockfish 17.1`; starts the engine when it is not running."""
        return self._running().name

    def start(self) -> None:
        """See ports.Engine."""
        self._running()

    @property
    def pid(self) -> int | None:
        """The engine's process id, None when none runs."""
        return self._process.pid if self._process is not None and self._process.is_alive else None

    def search_segment(
        self,
        game: Game,
        segment: Segment,
        limit: Limit,
        *,
        deadline_s: float,
        known: Mapping[int, Evaluation] = MappingProxyType({}),
        on_position: Callable[[int], None] | None = None,
    ) -> SegmentResult:
        """Search a segment backwards; see ports.Engine for the contract.

        The position after the segment is searched first, less far, and its result left out: it fills
        the hash, so that the last position of a segment is hardly worse than the others (unless that one is
        known). Under an adaptive limit the positions that a verdict hangs on are searched
        again, further and in the same hash (docs/decisions/0027); then some for their second best move
        (docs/decisions/0020).
        """
        deadline = time.monotonic() + deadline_s
        process = self._running()
        if game.is_chess960 != self._is_chess960:
            process.send(f"setoption name UCI_Chess960 value {str(game.is_chess960).lower()}")
            self._is_chess960, self._forgets = game.is_chess960, False
        if not self._forgets:
            # A search that was left may still run.
            process.send("stop", "ucinewgame")
        self._forgets = False
        _ = game.boards  # played while the engine clears its hash
        process.wait_ready(deadline)
        search = SegmentSearch(process, game, limit, deadline)
        if segment.last + 1 < game.position_count and segment.last not in known:
            search.warm_up(segment.last + 1)
        backwards = range(segment.last, segment.first - 1, -1)
        for done, position in enumerate(search.look(backwards, known), start=1):
            if position not in known and not limit.is_adaptive:
                search.look_for_second(position)
            if on_position is not None:
                on_position(done)
        if limit.is_adaptive:
            search.look_again(segment, known)
        self._forget(process)
        return tuple(search.found[position] for position in range(segment.first, segment.last + 1))

    def _forget(self, process: UciProcess) -> None:
        """Let the engine clear its hash for the next segment, while this one is stored."""
        with suppress(EngineError):  # it died too late to matter: the next search starts another
            process.send("ucinewgame")
            self._forgets = True

    def _running(self) -> UciProcess:
        if self._process is None or not self._process.is_alive:
            self.close()
            self._process = UciProcess(self._path, self._options)
            self._is_chess960 = self._forgets = False
        return self._process

    def close(self) -> None:
        """End the engine process, if one runs."""
        if self._process is not None:
            self._process.kill()
            self._process = None
