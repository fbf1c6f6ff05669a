"""The searches of one segment on a running engine: what is asked, and what its answers mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import chess

from knight_vision.adapters.uci import UciProcess
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.forced import evaluation_of_forced, is_forced
from knight_vision.domain.game import Game
from knight_vision.domain.hanging_verdicts import hanging_positions
from knight_vision.domain.phase import Limit
from knight_vision.domain.second_look import deserves_second_look, second_look_limit
from knight_vision.domain.segments import Segment
from knight_vision.errors import EngineError

__all__ = ["SegmentSearch", "read_info"]


@dataclass(slots=True)
class SegmentSearch:
    """One pass over a segment, position by position. The engine keeps its hash from one to the next."""

    process: UciProcess
    game: Game
    limit: Limit
    deadline: float
    """On time.monotonic."""
    found: dict[int, Evaluation] = field(default_factory=dict)
    _handed: int | None = field(default=None, init=False)
    """The position whose answer the engine owes."""

    def warm_up(self, position: int) -> None:
        """Fill the hash by a short search of the position that follows the segment."""
        limit = self.limit.warm_up
        self.found[position] = self._unsearched(position) or self._search(position, f"go {limit}")

    def look(self, positions: Iterable[int], known: Mapping[int, Evaluation]) -> Iterator[int]:
        """Each position as soon as `found` has it: as `known`, or under an adaptive limit by its first look.

        A search to a depth takes about a millisecond. There a patient engine is handed each position while it
        is still at the one before, and searches while we read (docs/decisions/0034).
        """
        go = f"go {self.limit.first_look}"
        one_by_one = self.limit.depth is None or not self.process.is_patient
        for position in positions:
            # A forced move's evaluation is the following position's.
            if one_by_one or is_forced(self.game.boards[position]):
                yield from self._collect()
            evaluation = known.get(position) or self._unsearched(position)
            if evaluation is None:
                self._hand_over(position, go)
            yield from self._collect()
            if evaluation is None:
                self._handed = position
            else:
                self.found[position] = evaluation
                yield position
        yield from self._collect()

    def _collect(self) -> Iterator[int]:
        """The position that the engine was handed, if it owes an answer, once that is in `found`."""
        if self._handed is not None:
            position, self._handed = self._handed, None
            self.found[position] = self._answer(position)
            yield position

    def look_again(self, segment: Segment, known: Mapping[int, Evaluation]) -> None:
        """Search where a verdict hangs on it with the rest of an adaptive limit; then look for second moves.

        What is `known` already from a search that went as far stays, and its second move with it.
        """
        rest = self.limit.rest
        hanging = hanging_positions(self.game, self.found)
        for position in range(segment.last, segment.first - 1, -1):
            first = self.found[position]
            is_short = (first.nodes or 0) < (self.limit.nodes or 0)
            forced = self._forced(position)
            if forced is not None:
                self.found[position] = forced
            elif position in hanging and rest is not None and first.best_move is not None and is_short:
                # All its nodes, not those until its last line of output: it must be known for a full one.
                self.found[position] = replace(self._search(position, f"go {rest}"), nodes=self.limit.nodes)
            elif position in known:
                continue
            self.look_for_second(position)

    def _unsearched(self, position: int) -> Evaluation | None:
        """The evaluation of a position that is over, or has a single legal move and follows in this pass."""
        return evaluation_of_finished(self.game.boards[position]) or self._forced(position)

    def _forced(self, position: int) -> Evaluation | None:
        """The evaluation of a position with a single legal move, from the next one's if that was found."""
        following = self.found.get(position + 1)
        return evaluation_of_forced(self.game.boards[position], following) if following is not None else None

    def look_for_second(self, position: int) -> None:
        """Add the score of the best move other than the engine's choice, where that can matter."""
        evaluation = self.found[position]
        if not deserves_second_look(self.game, position, evaluation, self.limit):
            return
        board = self.game.boards[position]
        best = board.parse_uci(evaluation.best_move or "")
        others = " ".join(move.uci() for move in board.legal_moves if move != best)
        second = self._search(position, f"go {second_look_limit(self.limit)} searchmoves {others}")
        self.found[position] = replace(
            evaluation, second_white_cp=second.white_cp, second_white_mate=second.white_mate
        )

    def _search(self, position: int, go: str) -> Evaluation:
        """What one search of a position finds."""
        self._hand_over(position, go)
        return self._answer(position)

    def _hand_over(self, position: int, go: str) -> None:
        """Let the engine search a position, after the one that it is at."""
        # With the moves before it, so that the engine sees repetitions.
        moves = f" moves {' '.join(self.game.moves[:position])}" if position else ""
        self.process.send(f"position fen {self.game.start_fen}{moves}", go)

    def _answer(self, position: int) -> Evaluation:
        """What a search finds: its last exact `info` line and its best move."""
        *lines, last = self.process.lines_until("bestmove", self.deadline)
        infos = (line for line in reversed(lines) if " pv " in line and " score " in line)
        info = next((line for line in infos if "bound" not in line), "")
        return read_info(info, last.split()[1], self.game.boards[position].turn)


def read_info(info: str, best_move: str, turn: chess.Color) -> Evaluation:
    """The evaluation in an `info` line of the side to move, from White's point of view.

    Raises EngineError when the line has no score.

    >>> found = read_info("info depth 8 score cp 31 nodes 900 pv e7e5 g1f3", "e7e5", chess.BLACK)
    >>> found.white_cp, found.line, found.depth, found.nodes
    (-31, ('e7e5', 'g1f3'), 8, 900)
    """
    head, _, variation = info.partition(" pv ")
    words = head.split()
    values = {word: words[index + 1] for index, word in enumerate(words[:-1])}
    kind = values.get("score")
    if kind not in ("cp", "mate") or best_move in ("", "(none)"):
        raise EngineError(f"The engine answered nonsense: {info!r}, best move {best_move!r}")
    sign = 1 if turn == chess.WHITE else -1
    score = sign * int(values[kind])
    line = tuple(variation.split())
    return Evaluation(
        white_cp=score if kind == "cp" else None,
        white_mate=score if kind == "mate" else None,
        # A search stopped in mid-iteration may choose a move that no exact line was printed for.
        line=line if line and line[0] == best_move else (best_move,),
        depth=int(values["depth"]),
        nodes=int(values["nodes"]),
    )
