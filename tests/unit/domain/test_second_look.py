"""Where a second best move is looked for, and where that would be a waste."""

import chess
import pytest

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit
from knight_vision.domain.second_look import deserves_second_look, second_look_limit
from tests.support.builders import a_game, cp, example, mate

NODES = Limit(nodes=100_000)


def deserves(game: Game, position: int, evaluation: Evaluation, limit: Limit = NODES) -> bool:
    """The answer, which must be the same with colours exchanged."""
    found = deserves_second_look(game, position, evaluation, limit)
    start, *_ = game.boards
    if start.fen() != chess.STARTING_FEN:  # of openings White's side alone is known
        other_side = Game(moves=tuple(map(mirrored, game.moves)), start_fen=start.mirror().fen())
        other = Evaluation(
            None if evaluation.white_cp is None else -evaluation.white_cp,
            None if evaluation.white_mate is None else -evaluation.white_mate,
            tuple(map(mirrored, evaluation.line)),
        )
        assert deserves_second_look(other_side, position, other, limit) == found
    return found


def mirrored(uci: str) -> str:
    move = chess.Move.from_uci(uci)
    return chess.Move(
        chess.square_mirror(move.from_square), chess.square_mirror(move.to_square), move.promotion
    ).uci()


def played(name: str, ply: int) -> Game:
    """An example game's move to position `ply` and the one before it, from a set-up position."""
    game = read_game(example(name), max_plies=600)
    return Game(moves=game.moves[ply - 2 : ply], start_fen=game.boards[ply - 2].fen())


@pytest.mark.parametrize(
    ("name", "ply", "evaluation"),
    [
        ("byrne-fischer-1956", 34, cp(-211, "g4e6")),  # 17...Be6 leaves the queen
        ("morphy-opera-1858", 31, mate(2, "b3b8")),  # 16.Qb8+: a mate, but behind in material
        ("kasparov-topalov-1999", 71, cp(265, "h3f1")),  # 36.Bf1
    ],
)
def test_sacrifices_are_looked_at(name: str, ply: int, evaluation: Evaluation) -> None:
    game = played(name, ply)
    assert deserves(game, 1, evaluation)
    assert not deserves(game, 1, evaluation, Limit(depth=8))
    assert not deserves(game, 1, cp(evaluation.white_cp or 0))  # an imported evaluation names no best move


def test_nothing_is_looked_at_where_another_move_was_played() -> None:
    game = played("byrne-fischer-1956", 34)
    assert not deserves(game, 1, cp(-211, "b6b2"))


def test_the_last_position_has_no_move_to_look_at() -> None:
    game = played("byrne-fischer-1956", 34)
    assert not deserves(game, 2, cp(-189, "c5b6"))


def test_a_lost_game_is_not_looked_at() -> None:
    game = played("byrne-fischer-1956", 34)
    assert not deserves(game, 1, cp(300, "g4e6"))


QUEEN_UP = "6k1/5ppp/8/8/8/8/4QPPP/6K1 w - - 0 1"


@pytest.mark.parametrize(
    ("fen", "sans", "evaluation", "expected", "why"),
    [
        (QUEEN_UP, "Qe7", cp(900, "e2e7"), False, "a queen ahead: anything wins"),
        ("6k1/5ppp/8/8/8/8/r4PPP/3R2K1 w - - 0 1", "Rd8#", mate(1, "d1d8"), False, "checkmate"),
        ("6k1/5ppp/8/8/8/3B3P/4RPP1/r5K1 w - - 0 1", "Re1", cp(0, "e2e1"), True, "a check to parry"),
        ("8/8/8/2p1k3/P6R/1K6/6rP/8 w - - 0 53", "a5", cp(250, "a4a5"), True, "few pieces"),
        ("4k3/8/8/8/8/3n4/8/3RK3 w - - 0 1", "Rxd3", cp(500, "d1d3"), False, "takes what hangs"),
        ("k3r3/8/8/8/8/8/8/4K3 w - - 0 1", "Kd1", cp(-300, "e1d1"), False, "lost"),
        ("6Rk/7p/8/8/8/8/8/K7 b - - 0 1", "Kxg8", cp(0, "h8g8"), False, "the only legal move"),
    ],
)
def test_what_is_at_stake(fen: str, sans: str, evaluation: Evaluation, expected: bool, why: str) -> None:
    assert deserves(a_game(sans, start_fen=fen), 0, evaluation) is expected, why


def test_book_moves_are_not_looked_at() -> None:
    game = a_game("e4 e5 Nf3 Nc6 Bb5 a6 Bxc6")
    assert not deserves(game, 6, cp(20, "b5c6"))  # the Exchange Variation


def test_quiet_moves_of_a_full_board_are_not_looked_at() -> None:
    game = a_game("a3 a6 h3 h6 b3 b6 Nf3")
    assert not deserves(game, 6, cp(20, "g1f3"))


def test_threats_and_captures_on_a_full_board_are_looked_at() -> None:
    attacked = a_game("h3 e5 a3 h6 Nf3 e4 Nd4")
    assert deserves(attacked, 6, cp(0, "f3d4"))  # one of several squares for the knight
    capture = a_game("e4 a6 h3 h6 Bxa6")
    assert deserves(capture, 4, cp(0, "f1a6"))


def test_recaptures_are_not_looked_at() -> None:
    game = a_game("a3 d5 h3 h6 e4 h5 exd5 Qxd5")
    assert not deserves(game, 7, cp(0, "d8d5"))
    assert not deserves(game, 6, cp(0, "e4d5"))  # nor is pawn takes pawn
    check = a_game("a3 d5 h3 h6 e4 h5 Bb5+")
    assert deserves(check, 6, cp(0, "f1b5"))
    fen = "6k1/5pp1/5q1p/pb1p4/1p1Pn1P1/1Pr1p2P/PQ1B1PK1/3R2N1 w - - 7 34"
    assert not deserves(a_game("Bxe3 Rxe3", start_fen=fen), 1, cp(-519, "c3e3"))
    fen = "6k1/5pp1/5q1p/pb1p4/1p1Pn1P1/1Pr1B2P/P4PK1/1Q1R2N1 w - - 7 34"
    assert deserves(a_game("Qb2 Rxe3", start_fen=fen), 1, cp(-519, "c3e3"))


def test_castling_is_recognized_however_the_engine_writes_it() -> None:
    fen = "4k3/p7/8/8/8/8/P7/4K2R w K - 0 1"
    assert deserves(Game(moves=("e1g1",), start_fen=fen), 0, cp(0, "e1g1"))
    game = Game(moves=("e1h1",), start_fen=fen, is_chess960=True)
    assert deserves_second_look(game, 0, cp(0, "e1h1"), NODES)


def test_a_second_look_is_a_fifth_of_the_first() -> None:
    assert second_look_limit(NODES) == Limit(nodes=20_000)
    assert second_look_limit(Limit(nodes=1)) == Limit(nodes=1)
