"""Games that Lichess evaluated and published with its judgements, numbers and division: ours are equal."""

from dataclasses import dataclass

import pytest

from knight_vision.domain.accuracy import average_centipawn_loss, game_accuracy, phase_accuracy
from knight_vision.domain.division import Division, divide_moves
from knight_vision.domain.judgement import Judgement, judge_game
from knight_vision.domain.openings import opening_of
from knight_vision.domain.win_percent import FIRST_CP, PlainEvaluation
from tests.support.builders import a_game

GLYPHS = {"?!": Judgement.INACCURACY, "?": Judgement.MISTAKE, "??": Judgement.BLUNDER}


@dataclass(frozen=True)
class LichessGame:
    """What https://lichess.org/game/export/{id} says of an analysed game."""

    id: str
    sans: str
    evaluations: str
    """After each ply that did not mate: centipawns, or `#` and moves to mate, for White."""
    judgements: str
    """Plies with their glyphs."""
    accuracy: tuple[int, int]
    acpl: tuple[int, int]
    division: Division
    opening: tuple[str, str, int]

    @property
    def plain(self) -> list[PlainEvaluation]:
        words = self.evaluations.split()
        return [FIRST_CP, *(word if word.startswith("#") else int(word) for word in words)]


GAMES = [
    LichessGame(
        id="OOrSy6bR",
        sans="d4 d5 c4 e6 Nc3 Nf6 Bg5 Be7 e3 Nbd7 Nf3 a6 a3 dxc4 Bxc4 b5 Bd3 Bb7 O-O O-O b4 h6 Bh4 Nd5 "
        "Bxe7 Qxe7 Nxd5 Bxd5 e4 Bb7 Rc1 Rac8 Re1 Kh8 Qc2 Qd6 Qc3 Qf4 Re3 Nf6 h3 Bxe4 Bxe4 Nxe4 "
        "Qc6 f5 Qxa6 Ra8 Qc6 Rxa3 Rxa3 Rf6 Qxc7 e5 Qxe5 Qxc1+ Kh2 Qxa3",
        evaluations="17 27 18 17 22 24 0 14 13 11 17 49 4 17 13 17 -20 15 -25 6 5 28 13 48 59 54 58 62 48 51 "
        "53 71 70 111 56 104 110 121 119 364 -1 2 2 0 -24 204 189 241 122 516 535 576 592 592 "
        "-422 -436 -449 -452",
        judgements="40?? 41?? 46?? 49?! 50?? 55??",
        accuracy=(58, 83),
        acpl=(62, 44),
        division=Division(16, 56),
        opening=("D53", "Queen's Gambit Declined", 8),
    ),
    LichessGame(
        id="xze7RH66",
        sans="e4 g6 d4 c5 c3 cxd4 cxd4 Bg7 Nc3 Nc6 Be3 d6 Nf3 Nf6 h3 O-O d5 Nb8 Nd4 Nbd7 Be2 Nc5 Qc2 "
        "e6 b4 Na6 Bxa6 bxa6 Nc6 Qd7 O-O Bb7 Qa4 Bxc6 dxc6 Qc7 Rac1 Rfc8 b5 d5 Bd4 Nxe4 Bxg7 Kxg7 "
        "Nxe4 dxe4 Qd4+ e5 Qxe4 axb5 Rc5 Qd6 Rfc1 f6 c7 a5 Qb7 Qa6 Qd5 b4 Qd7+ Kh6 R5c4 Qb6 Rh4+ "
        "Kg5 Qg4#",
        evaluations="18 48 48 78 31 51 57 71 71 124 91 86 60 94 60 92 88 105 103 99 82 80 72 128 -17 172 71 "
        "114 0 0 0 0 -238 288 309 342 267 264 241 342 34 216 235 216 228 227 47 43 0 4 11 12 16 "
        "349 322 374 327 540 539 605 545 764 764 #2 #1 #1",
        judgements="25? 26?? 27?! 29? 33?? 34?? 37?! 40?! 41?? 42?? 47?? 54?? 58? 62?! 64?",
        accuracy=(82, 74),
        acpl=(46, 75),
        division=Division(23, 46),
        opening=("B06", "Modern Defense", 2),
    ),
    LichessGame(
        id="zfZawvxl",
        sans="d4 Nf6 c4 g6 Nc3 Bg7 e4 O-O f3 c5 Nge2 d6 Be3 Qa5 Nc1 cxd4 Nb3 Qxc3+ bxc3 dxe3 Qe2 Bh6 "
        "Nd4 Nc6 Nc2 Bg7 Nxe3 Nxe4 fxe4 Bxc3+ Kf2 Bxa1 h4 Bd4 Ke1 h5 Nd5 Bg4 Qd2 e6 Ne7+ Nxe7 "
        "Qxd4 Rfd8 Be2 Nc6 Qf6 Ne5 Rf1 Rd7 Bxg4 Nxg4 Qb2 Rc8 Ke2 Rxc4 Kd3 Ne5+ Ke3 Rdc7",
        evaluations="17 19 18 28 18 51 40 53 38 46 26 35 31 26 50 28 39 155 152 147 119 116 142 141 149 204 "
        "41 42 -218 -234 -228 -222 -207 -191 -212 -251 -255 -203 -218 -171 -171 -169 -165 -139 "
        "-132 -95 -149 -157 -249 -226 -270 -265 -321 -342 -344 -350 -491 -459 -512 -540",
        judgements="18? 27? 29?? 49?! 57?!",
        accuracy=(86, 95),
        acpl=(33, 16),
        division=Division(14, 51),
        opening=("E70", "King's Indian Defense: Normal Variation", 7),
    ),
    LichessGame(
        id="8y40iLEJ",
        sans="e4 c5 Nc3 Nc6 Nf3 d6 d4 cxd4 Nxd4 Nf6 Nb3 g6 Be2 Bg7 O-O O-O Bg5 a5 a4 Be6 Re1 h6 Be3 "
        "Kh7 Rb1 Rc8 Bb5 Nb4 Nd4 Bc4 f3 Bxb5 Ndxb5 Nd7 Re2 Ne5 Bd4 Nec6 Bxg7 Kxg7 b3 Qb6+ Kh1 Qc5 "
        "Qe1 Rfe8 Rd1 Na7 Nxa7 Qxa7 Nb5 Qc5 c3 Nc6 Rd5 Qb6 h4 Na7 h5 Nxb5 Rxb5 Qc6 c4 b6 hxg6 "
        "fxg6 e5 Rf8 exd6 exd6 Qc3+ Kg8 Qe3 Rce8 Qxh6 Rxe2 Qxg6+ Kh8 Rh5#",
        evaluations="18 24 26 23 19 41 32 34 39 30 18 17 1 0 8 4 -3 28 31 36 18 16 17 43 23 22 -30 20 20 46 "
        "-24 65 48 68 58 68 94 115 122 109 71 69 66 96 9 82 79 88 85 91 83 102 94 96 79 86 56 77 "
        "82 177 171 211 207 220 203 216 212 439 426 424 385 553 362 347 357 #2 #1 #1",
        judgements="31?! 32?! 45?! 46?! 60?! 68? 72?! 73?! 76??",
        accuracy=(94, 87),
        acpl=(18, 43),
        division=Division(24, 61),
        opening=("B56", "Sicilian Defense: Classical Variation", 10),
    ),
]

games = pytest.mark.parametrize("game", GAMES, ids=lambda game: game.id)


@games
def test_every_judgement_is_that_of_lichess(game: LichessGame) -> None:
    found = judge_game(game.plain, white_starts=True)
    glyphs = {judgement: glyph for glyph, judgement in GLYPHS.items()}
    words = [f"{ply}{glyphs[judgement]}" for ply, judgement in enumerate(found, start=1) if judgement]
    assert " ".join(words) == game.judgements


@games
def test_accuracy_and_centipawn_loss_are_those_of_lichess(game: LichessGame) -> None:
    accuracies = game_accuracy(game.plain, white_starts=True)
    assert accuracies is not None
    assert tuple(round(accuracy) for accuracy in accuracies) == game.accuracy
    assert average_centipawn_loss(game.plain, white_starts=True) == game.acpl


@games
def test_the_mating_move_changes_nothing(game: LichessGame) -> None:
    mated = [*game.plain, "#0"]
    assert game_accuracy(mated, white_starts=True) == game_accuracy(game.plain, white_starts=True)
    assert average_centipawn_loss(mated, white_starts=True) == game.acpl
    assert judge_game(mated, white_starts=True) == [*judge_game(game.plain, white_starts=True), None]


@games
def test_division_and_opening_are_those_of_lichess(game: LichessGame) -> None:
    assert divide_moves(game.sans.split()) == game.division
    opening = opening_of(a_game(game.sans).boards)
    assert opening is not None
    assert (opening.eco, opening.name, opening.ply) == game.opening


@games
def test_each_part_of_a_game_is_as_accurate_as_a_game_of_its_own(game: LichessGame) -> None:
    """Cut out by hand: a part of its own begins with the position before its first move."""
    parts = phase_accuracy(game.plain, game.division, white_starts=True)
    middlegame, endgame = game.division.middlegame_ply, game.division.endgame_ply
    assert middlegame is not None
    assert endgame is not None
    cuts = [(1, middlegame), (middlegame, endgame), (endgame, len(game.plain))]
    for found, (first, end) in zip(parts.values(), cuts, strict=True):
        alone = game_accuracy(game.plain[first - 1 : end], white_starts=first % 2 == 1)
        assert found == (alone or (None, None))


# Moves of other analysed games where a mate came or went: ply, White's evaluations around it, judgement.
MATES = [
    ("ZyKw24YE", 76, 1171, "#1", "?!"),
    ("QVprMNzR", 114, 935, "#25", "?"),
    ("ZbuTrTYp", 128, 740, "#15", "?"),
    ("XB8lgZ9N", 66, 692, "#2", "??"),
    ("AdjEnXlm", 79, -1020, "#-9", "?!"),
    ("wYjuq3zz", 59, -739, "#-6", "?"),
    ("UMoEkwn0", 73, 725, "#-16", "??"),
    ("KZRiN695", 55, "#9", 1575, "?!"),
    ("ZbuTrTYp", 129, "#15", 715, "?"),
    ("8FRZVN6d", 60, "#-2", 658, "??"),
    ("AdjEnXlm", 76, "#-8", -1033, "?!"),
    ("GmH1DPx6", 70, "#-3", -912, "?"),
    ("0e1vxAEn", 59, "#2", -1111, "??"),
    ("6TJRc5H1", 77, "#4", "#-2", "??"),
]


@pytest.mark.parametrize(("_id", "ply", "before", "after", "glyph"), MATES)
def test_mates_created_and_lost_are_judged_as_lichess_does(
    _id: str, ply: int, before: PlainEvaluation, after: PlainEvaluation, glyph: str
) -> None:
    assert judge_game([before, after], white_starts=ply % 2 == 1) == [GLYPHS[glyph]]


def test_the_played_best_move_is_never_flagged() -> None:
    """Lichess game 0KBMAMQh, ply 25: from 0 to -81, but the engine would have played it too."""
    assert judge_game([0, -81], white_starts=True) == [Judgement.INACCURACY]
    assert judge_game([0, -81], white_starts=True, best_plies={1}) == [None]
