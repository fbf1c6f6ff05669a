"""What a report costs beside the engine: `make bench-report`. Processor time on one core.

The bound is what python-chess takes to play the game and to write the engine's lines in standard notation,
which any report must do. Prints a table and exits 1 over budget. Not a test: a busy machine is not a bug.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report
from tests.bench.rows import Row, judged
from tests.support.recorded_lines import recorded_evaluations, recorded_game, recorded_games

RUNS = 9
BUDGET_MS = 150.0
"""For a hundred plies, by the median game."""
MOST_PLIES = 12


def best_ms(work: Callable[[], object]) -> float:
    """The least processor time of some runs, ms."""
    best = float("inf")
    for _ in range(RUNS):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best * 1000


def bare(game: Game, evaluations: list[Evaluation]) -> None:
    """Play the game; write its moves, and the engine's line of every position."""
    board = chess.Board(game.start_fen, chess960=game.is_chess960)
    for position, evaluation in enumerate(evaluations):
        line = board.copy(stack=False)
        for move in evaluation.line[:MOST_PLIES]:
            line.san_and_push(line.parse_uci(move))
        if position < game.ply_count:
            board.san_and_push(board.parse_uci(game.moves[position]))


def report(game: Game, evaluations: list[Evaluation]) -> object:
    """The whole report of a game of which nothing is known yet."""
    fresh = Game(game.moves, game.start_fen, game.is_chess960, game.headers, game.texts)
    return build_report(
        fresh, evaluations, phase=Phase.COMPLETE, engine="Stockfish 15.1", limit=Limit(nodes=150_000)
    )


def main() -> int:
    """Print the table; 1 when over budget."""
    rows = measure()
    print(f"\n{judged(rows)}")
    return 0 if all(row.is_kept for row in rows) else 1


def measure(*, is_quick: bool = False) -> list[Row]:
    """The median game, with the table of all of them printed. There is nothing to be quicker about."""
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, one core\n")
    print("| game | plies | report, ms | ms for 100 plies | times the bound | JSON, kB |")
    print("|---|---|---|---|---|---|")
    for_a_hundred: list[tuple[float, float]] = []
    for name in recorded_games():
        game, evaluations = recorded_game(name), recorded_evaluations(name)
        bound_ms = best_ms(lambda game=game, evaluations=evaluations: bare(game, evaluations))  # type: ignore[misc]
        ms = best_ms(lambda game=game, evaluations=evaluations: report(game, evaluations))  # type: ignore[misc]
        for_a_hundred.append((ms * 100 / game.ply_count, bound_ms * 100 / game.ply_count))
        made = build_report(game, evaluations, phase=Phase.COMPLETE, engine="", limit=Limit(nodes=1))
        size_kb = len(json.dumps([made.summary, made.moves], separators=(",", ":"))) / 1000
        each = for_a_hundred[-1][0]
        print(f"| {name} | {game.ply_count} | {ms:.0f} | {each:.0f} | {ms / bound_ms:.1f} | {size_kb:.0f} |")
    median_ms, bound_ms = sorted(for_a_hundred)[len(for_a_hundred) // 2]
    return [
        Row(
            "report of 100 plies beside python-chess",
            bound_ms,
            median_ms,
            "ms",
            median_ms / bound_ms,
            BUDGET_MS,
            is_of_ours=True,
        )
    ]


if __name__ == "__main__":
    sys.exit(main())
