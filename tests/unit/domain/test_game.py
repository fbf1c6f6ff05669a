"""A game's positions, names and numbers."""

import chess

from knight_vision.domain.game import Game, MoveText
from knight_vision.domain.pgn_reader import read_game
from tests.support.builders import a_game, example

BLACK_STARTS = "4k3/8/8/8/8/8/4P3/4K3 b - - 0 17"


def test_positions_are_those_of_the_game() -> None:
    game = read_game(example("carlsen-anand-2013"), max_plies=200)
    board = chess.Board()
    assert len(game.boards) == game.position_count == 116
    for position, move in zip(game.boards, game.moves, strict=False):
        assert position.fen() == board.fen()
        board.push_uci(move)
    assert game.boards[-1].fen() == board.fen()


def test_positions_know_their_repetitions() -> None:
    """History is cut at the last capture or pawn move: no repetition may be lost by that."""
    game = a_game("e4 e5 " + "Nf3 Nf6 Ng1 Ng8 " * 4)
    full = chess.Board()
    for position, move in zip(game.boards[1:], game.moves, strict=True):
        full.push_uci(move)
        for count in (2, 3, 4, 5):
            assert position.is_repetition(count) == full.is_repetition(count)
    assert game.boards[-1].is_repetition(5)


def test_a_long_game_keeps_little_history() -> None:
    game = a_game("Nf3 Nf6 Ng1 Ng8 " * 300)
    assert max(len(board.move_stack) for board in game.boards) == 150


def test_move_numbers() -> None:
    assert [a_game().move_number(ply) for ply in (1, 2, 3)] == [(1, True), (1, False), (2, True)]
    game = a_game("Kd7 e4", start_fen=BLACK_STARTS)
    assert not game.white_starts
    assert [game.move_number(ply) for ply in (1, 2, 3)] == [(17, False), (18, True), (18, False)]


def test_names_of_moves() -> None:
    assert a_game("e4 e5 Nf3").sans == ("e4", "e5", "Nf3")
    castling = a_game(
        "O-O", start_fen="1rk3r1/pppppppp/8/8/8/8/PPPPPPPP/1RK3R1 w KQkq - 0 1", is_chess960=True
    )
    assert castling.moves == ("c1g1",)
    assert castling.sans == ("O-O",)


def test_texts_may_be_missing() -> None:
    assert a_game("e4").text_of(1) == MoveText()
    assert Game(("e2e4",), texts=(MoveText(clock_s=1.0),)).text_of(1).clock_s == 1.0


def test_every_position_remembers_the_move_before() -> None:
    """After a capture it was forgotten, and taking back passed for a piece won."""
    game = a_game("e4 d5 exd5 Qxd5 Nc3 Qa5")
    for ply, board in enumerate(game.boards[1:], start=1):
        assert board.peek().uci() == game.moves[ply - 1]
        assert len(board.move_stack) >= min(ply, 2)
