"""A report does not care who is White: the same game with the colours exchanged has the same verdicts."""

from __future__ import annotations

import re
from typing import Any

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import Report, build_report
from tests.support.recorded_lines import recorded_evaluations, recorded_game, recorded_games

SIDES = {"white": "black", "black": "white"}


def flipped_move(uci: str) -> str:
    """A move on the board turned upside down."""
    return re.sub(r"[1-8]", lambda rank: str(9 - int(rank[0])), uci)


def flipped_game(game: Game) -> Game:
    board = chess.Board(game.start_fen).mirror()
    return Game(tuple(map(flipped_move, game.moves)), board.fen(), headers=game.headers)


def flipped_evaluation(evaluation: Evaluation) -> Evaluation:
    def negated(score: int | None) -> int | None:
        return None if score is None else -score

    return Evaluation(
        negated(evaluation.white_cp),
        negated(evaluation.white_mate),
        tuple(map(flipped_move, evaluation.line)),
        evaluation.depth,
        evaluation.nodes,
        negated(evaluation.second_white_cp),
        negated(evaluation.second_white_mate),
    )


def without_numbers(text: str | None) -> str:
    """A sentence without its move numbers: they are others where Black begins."""
    return re.sub(r"(?<![\w.])\d+\.(\.\.)?(?=[A-Za-z])", "", text or "")


def flipped_words(text: str | None) -> str:
    """A sentence, without move numbers, about the turned board: other colours, ranks and signs."""
    text = re.sub(r"\b(White|Black)\b", lambda m: SIDES[m[1].lower()].title(), without_numbers(text))
    text = re.sub(r"(?<=[a-hKQRBN])[1-8](?!\d)", lambda m: str(9 - int(m[0])), text)
    return re.sub(r"(?<= )([+-])(?=\d)", lambda m: "-" if m[1] == "+" else "+", text)


def report_of(game: Game, evaluations: list[Evaluation]) -> Report:
    # Lichess takes the start for 15 centipawns, whoever moves: only that is not symmetric.
    return build_report(game, evaluations, phase=Phase.COMPLETE, engine="Test 1", limit=Limit(nodes=1))


def seen_from_the_other_side(row: dict[str, Any]) -> dict[str, Any]:
    """What must be the same on the turned board, of a row of the game as it was."""
    return {
        "uci": flipped_move(row["uci"]),
        "win_percent": pytest.approx(100 - row["win_percent"], abs=0.11),
        "accuracy": row["accuracy"],
        "judgement": row["judgement"],
        "missed": flipped_sightings(row["missed"]),
        "allowed": flipped_sightings(row["allowed"]),
        "positional": {SIDES[side]: row["positional"][side].keys() for side in SIDES},
    }


def flipped_sightings(sightings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**one, "square": flipped_move(one["square"]), "targets": sorted(map(flipped_move, one["targets"]))}
        for one in sightings
    ]


@pytest.mark.parametrize("name", recorded_games())
def test_exchanging_the_colours_exchanges_the_report(name: str) -> None:
    game, evaluations = recorded_game(name), recorded_evaluations(name)
    usual = report_of(game, evaluations)
    turned = report_of(flipped_game(game), [flipped_evaluation(evaluation) for evaluation in evaluations])
    for before, after in list(zip(usual.moves, turned.moves, strict=True))[1:]:
        expected = seen_from_the_other_side(before)
        found = {key: after[key] for key in expected}
        found["missed"], found["allowed"] = (
            [{**one, "targets": sorted(one["targets"])} for one in found[key]]
            for key in ("missed", "allowed")
        )
        found["positional"] = {side: found["positional"][side].keys() for side in SIDES}
        assert found == expected, before["san"]
        if before["class"] != "book":  # the book knows the usual start position alone
            assert after["class"] == before["class"], before["san"]
            # Two pieces of one value may be named in either order.
            said, meant = without_numbers(after["explanation"]), flipped_words(before["explanation"])
            assert sorted(re.findall(r"[\w+#=-]+", said)) == sorted(re.findall(r"[\w+#=-]+", meant))
