"""A report that was partly made during the search is the report that would have been made after it."""

import json
from collections.abc import Sequence

import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.move_reports import MoveReports
from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.report import build_report
from tests.support.builders import a_game, cp, quiet_evaluations
from tests.support.recorded_lines import recorded_evaluations, recorded_game, recorded_games


def report_text(game: Game, evaluations: Sequence[Evaluation], made: MoveReports | None = None) -> str:
    """All of a report, the order of its fields included."""
    report = build_report(
        game, evaluations, phase=Phase.INITIAL, engine="Test 1", limit=Limit(depth=8), made=made
    )
    return json.dumps([report.summary, report.moves])


def made_during_search(game: Game, evaluations: Sequence[Evaluation]) -> MoveReports:
    """What an engine that searches from the last position to the first leaves time for."""
    made = MoveReports(Game(game.moves, game.start_fen, game.is_chess960))
    found: dict[int, Evaluation] = {}
    for position in reversed(range(game.position_count)):
        made.make_ahead(found)
        found[position] = evaluations[position]
    return made


def without_second(evaluation: Evaluation) -> Evaluation:
    """As a search limited by depth finds it."""
    return Evaluation(evaluation.white_cp, evaluation.white_mate, evaluation.line)


@pytest.mark.parametrize("name", recorded_games())
@pytest.mark.parametrize("by_depth", [True, False])
def test_a_report_made_ahead_is_the_same(name: str, by_depth: bool) -> None:
    game, evaluations = recorded_game(name), recorded_evaluations(name)
    if by_depth:
        evaluations = [without_second(one) for one in evaluations]
    made = made_during_search(game, evaluations)
    assert report_text(made.game.told_by(game), evaluations, made) == report_text(game, evaluations)


@pytest.mark.parametrize("name", recorded_games())
def test_all_but_the_first_moves_are_made_ahead(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    game = recorded_game(name)
    evaluations = [without_second(one) for one in recorded_evaluations(name)]
    made = made_during_search(game, evaluations)
    plies: list[int] = []

    def row(game: Game, judged: object, move: object, **_: object) -> dict[str, object]:
        plies.append(judged.ply)  # type: ignore[attr-defined]
        return {}

    monkeypatch.setattr("knight_vision.domain.move_reports.move_json", row)
    report_text(game, evaluations, made)
    assert plies == [1, 2, 3, 4]


def test_what_was_made_of_other_evaluations_is_made_again() -> None:
    game, evaluations = recorded_game("byrne-fischer-1956"), recorded_evaluations("byrne-fischer-1956")
    made = made_during_search(game, quiet_evaluations(game))
    assert report_text(game, evaluations, made) == report_text(game, evaluations)


@pytest.mark.parametrize("plies", range(1, 8))
def test_short_games(plies: int) -> None:
    game = a_game(" ".join(["e4", "e5", "Nf3", "Nc6", "Bb5", "a6", "Ba4"][:plies]))
    evaluations = [cp(position * 40 * (-1) ** position) for position in range(game.position_count)]
    made = made_during_search(game, evaluations)
    assert report_text(game, evaluations, made) == report_text(game, evaluations)
