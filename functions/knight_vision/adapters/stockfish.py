"""The Engine port on a warm Stockfish process that is kept from one invocation to the next."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import chess

from knight_vision.adapters.uci import UciProcess
from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.finished import evaluation_of_finished
from knight_vision.domain.game import Game
from knight_vision.domain.job import SegmentResult
from knight_vision.domain.phase import Limit
from knight_vision.domain.second_look import deserves_second_look, second_look_limit
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

        The position after the segment is searched first and its result thrown away: it fills the hash as the
        neighbour's search would have, so that the last position of a segment is no worse than the others
        (unless that one is known).
        Some positions are searched once more for their second best move (docs/decisions/0020).
        """
        deadline = time.monotonic() + deadline_s
        process = self._running()
        if game.is_chess960 != self._is_chess960:
            process.send(f"setoption name UCI_Chess960 value {str(game.is_chess960).lower()}")
            self._is_chess960 = game.is_chess960
        process.send("ucinewgame")
        process.wait_ready(deadline)
        if segment.last + 1 < game.position_count and segment.last not in known:
            self._evaluate(process, game, segment.last + 1, limit, deadline)
        evaluations = []
        for position in range(segment.last, segment.first - 1, -1):
            evaluation = known.get(position)
            if evaluation is None:
                evaluation = self._evaluate(process, game, position, limit, deadline)
                if deserves_second_look(game, position, evaluation, limit):
                    evaluation = self._with_second(process, game, position, evaluation, limit, deadline)
            evaluations.append(evaluation)
            if on_position is not None:
                on_position(len(evaluations))
        return tuple(reversed(evaluations))

    def _evaluate(
        self, process: UciProcess, game: Game, position: int, limit: Limit, deadline: float
    ) -> Evaluation:
        board = game.boards[position]
        finished = evaluation_of_finished(board)
        if finished is not None:
            return finished
        info, best_move = self._search(process, game, position, f"go {limit}", deadline)
        return read_info(info, best_move, board.turn)

    def _with_second(
        self,
        process: UciProcess,
        game: Game,
        position: int,
        evaluation: Evaluation,
        limit: Limit,
        deadline: float,
    ) -> Evaluation:
        """The evaluation with the score of the best move other than the engine's choice."""
        board = game.boards[position]
        best = board.parse_uci(evaluation.best_move or "")
        others = " ".join(move.uci() for move in board.legal_moves if move != best)
        go = f"go {second_look_limit(limit)} searchmoves {others}"
        second = read_info(*self._search(process, game, position, go, deadline), board.turn)
        return replace(evaluation, second_white_cp=second.white_cp, second_white_mate=second.white_mate)

    def _search(
        self, process: UciProcess, game: Game, position: int, go: str, deadline: float
    ) -> tuple[str, str]:
        """The last exact `info` line of a search and its best move."""
        # With the moves before it, so that the engine sees repetitions.
        moves = f" moves {' '.join(game.moves[:position])}" if position else ""
        process.send(f"position fen {game.start_fen}{moves}", go)
        info = ""
        best_move = ""
        for line in process.lines_until("bestmove", deadline):
            if line.startswith("bestmove"):
                best_move = line.split()[1]
            elif " pv " in line and " score " in line and "bound" not in line:
                info = line
        return info, best_move

    def _running(self) -> UciProcess:
        if self._process is None or not self._process.is_alive:
            self.close()
            self._process = UciProcess(self._path, self._options)
            self._is_chess960 = False
        return self._process

    def close(self) -> None:
        """End the engine process, if one runs."""
        if self._process is not None:
            self._process.kill()
            self._process = None


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
