"""Static exchanges and what counts as giving material up."""

import chess
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.sacrifice import exchange_gain, given_up, is_sacrifice, wins_material
from tests.support.builders import a_game, example


def board_before(name: str, number: int, color: chess.Color) -> chess.Board:
    """The position of an example game before the move of this number."""
    boards = read_game(example(name), max_plies=600).boards
    return next(board for board in boards if board.fullmove_number == number and board.turn == color)


def sacrifices(board: chess.Board, san: str) -> bool:
    return is_sacrifice(board, board.parse_san(san))


@pytest.mark.parametrize(
    ("fen", "square", "gain"),
    [
        ("4k3/8/8/3p4/8/8/8/3RK3 w - - 0 1", "d5", 1),
        ("4k3/8/4p3/3p4/8/8/8/3RK3 w - - 0 1", "d5", 0),  # rook for pawn: better not
        ("4k3/8/4p3/3n4/8/8/8/3RK3 w - - 0 1", "d5", 0),  # rook for knight
        ("4k3/8/4p3/3n4/4P3/8/8/3RK3 w - - 0 1", "d5", 3),  # the pawn first: a knight for a pawn that is lost
        ("4k3/8/4p3/3r4/2B5/8/8/4K3 w - - 0 1", "d5", 2),  # rook for bishop
        ("3rk3/3r4/8/3p4/8/8/3R4/3RK3 w - - 0 1", "d5", 0),  # two against two
        ("3rk3/8/8/3p4/8/8/3R4/3RK3 w - - 0 1", "d5", 1),  # the rook behind counts
        ("8/8/8/8/8/2k5/3r4/2RK4 w - - 0 1", "d2", 0),  # the king cannot take what is defended
        ("8/8/8/4k3/8/8/3r4/3K4 w - - 0 1", "d2", 5),
        ("4r1k1/8/8/8/3b4/4P3/8/4K3 w - - 0 1", "d4", 0),  # pinned to the king: cannot take
        ("4k3/8/8/8/8/8/8/3RK3 w - - 0 1", "d8", 0),
    ],
)
def test_exchange_gain(fen: str, square: str, gain: int) -> None:
    board = chess.Board(fen)
    before = board.fen()
    assert exchange_gain(board, chess.parse_square(square)) == gain
    assert exchange_gain(board.mirror(), chess.square_mirror(chess.parse_square(square))) == gain
    assert board.fen() == before


@pytest.mark.parametrize(
    ("fen", "move", "wins"),
    [
        ("4k3/8/8/3n4/8/8/8/3RK3 w - - 0 1", "d1d5", True),
        ("4k3/8/4p3/3n4/8/8/8/3RK3 w - - 0 1", "d1d5", False),
        ("4k3/8/8/3p4/8/8/8/3RK3 w - - 0 1", "d1d5", False),  # a pawn is no piece
        ("8/P3k3/8/8/8/8/8/4K3 w - - 0 1", "a7a8q", True),
        ("1k6/P7/8/8/8/8/8/4K3 w - - 0 1", "a7a8q", False),
    ],
)
def test_winning_material_at_once(fen: str, move: str, wins: bool) -> None:
    assert wins_material(chess.Board(fen), chess.Move.from_uci(move)) is wins


@pytest.mark.parametrize(
    ("name", "number", "color", "san"),
    [
        ("morphy-opera-1858", 16, chess.WHITE, "Qb8+"),
        ("byrne-fischer-1956", 11, chess.BLACK, "Na4"),
        ("byrne-fischer-1956", 17, chess.BLACK, "Be6"),
        ("kasparov-topalov-1999", 24, chess.WHITE, "Rxd4"),
        ("anderssen-kieseritzky-1851", 22, chess.WHITE, "Qf6+"),
        ("karpov-kasparov-1985", 37, chess.BLACK, "Rc1"),
    ],
)
def test_famous_sacrifices(name: str, number: int, color: chess.Color, san: str) -> None:
    board = board_before(name, number, color)
    assert sacrifices(board, san)
    mirrored = board.mirror()
    move = board.parse_san(san)
    other_side = chess.Move(chess.square_mirror(move.from_square), chess.square_mirror(move.to_square))
    assert is_sacrifice(mirrored, other_side)


@pytest.mark.parametrize(
    ("fen", "san", "why"),
    [
        ("r1bqkbnr/pppp1ppp/2n5/1B2p3/4P3/5N2/PPPP1PPP/RNBQK2R w KQkq - 0 1", "Bxc6", "bishop for knight"),
        ("3qk3/8/8/8/8/8/8/3QK3 w - - 0 1", "Qxd8+", "queen for queen"),
        ("3rk3/8/8/8/8/8/3R4/3RK3 w - - 0 1", "Rxd8+", "rook for rook, taken back"),
        ("4k3/8/4p3/3p4/8/8/4P3/4K3 w - - 0 1", "e4", "pawns do not count"),
        ("rnbqkbnr/ppp1pppp/8/3p4/2P5/8/PP1PPPPP/RNBQKBNR w KQkq - 0 1", "e4", "a gambit of pawns"),
        ("2r1k3/8/8/8/8/8/2R5/2R1K3 b - - 0 1", "Rxc2", "rook takes rook and is taken"),
    ],
)
def test_trades_and_pawns_are_no_sacrifices(fen: str, san: str, why: str) -> None:
    assert not sacrifices(chess.Board(fen), san), why


def test_a_forked_piece_that_is_lost_anyway_is_no_sacrifice() -> None:
    # the pawn forks knight and bishop: whichever stays is lost
    board = chess.Board("6k1/6pp/5p2/4p3/3N1B2/8/5PPP/6K1 w - - 0 1")
    assert given_up(board, board.parse_san("Nf3")) == 3
    assert not sacrifices(board, "Nf3")
    assert not sacrifices(board, "Bxe5")


def test_the_dearer_of_two_attacked_pieces_is_no_sacrifice_when_the_other_is_lost_instead() -> None:
    # the knight is attacked by the king, the rook by the pawn
    board = chess.Board("2rk3r/1b1Pbppp/pP6/2p1N3/2P5/7P/1P2nPP1/R2R1K2 b - - 2 22")
    assert given_up(board, board.parse_san("Nd4")) == 4
    assert not sacrifices(board, "Nd4")


def test_a_piece_that_could_have_gone_to_safety_is_a_sacrifice() -> None:
    board = chess.Board("6k1/5ppp/8/4p3/5B2/8/5PPP/6K1 w - - 0 1")
    assert sacrifices(board, "h3")
    assert not sacrifices(board, "Bg3")
    assert not sacrifices(board, "Bxe5")


def test_a_trapped_knight_that_sells_itself_dearly_is_no_sacrifice() -> None:
    # every square of the knight is covered, and so is the one it stands on
    board = chess.Board("N1b1k3/1p6/pb6/4p3/8/8/5PPP/6K1 w - - 0 1")
    assert given_up(board, board.parse_san("Nxb6")) == 0
    assert not sacrifices(board, "h3")


def test_what_the_opponent_loses_elsewhere_by_taking_is_set_off() -> None:
    # taking the knight opens the rook's way to the queen
    board = chess.Board("3q2k1/8/3p4/4p3/8/5N2/8/3RK3 w - - 0 1")
    assert given_up(board, board.parse_san("Nxe5")) == 0
    assert not sacrifices(board, "Nxe5")


def test_taking_a_piece_and_leaving_another_is_a_trade() -> None:
    # White takes the knight, Black will take the rook
    board = chess.Board("4r1k1/5ppp/8/8/1n6/8/1Q2RPPP/2B3K1 w - - 0 1")
    assert given_up(board, board.parse_san("Qxb4")) == 0
    assert sacrifices(board, "Qb3")
    assert not sacrifices(board, "Qxb4")


# What users of other programs reported as false brilliancies, or missed as such: freechess 9 and 13,
# lichessTools 1219, Chesskit 46.
DISCOVERY = (
    "d4 e5 dxe5 Nc6 Nf3 f6 exf6 Nxf6 e3 d5 Nd4 Bd7 Be2 Bd6 O-O Qe7 Re1 O-O-O c3 Rdf8 Na3 Ne4 f3 Qe5 "
    "f4 Qf6 Qa4 Kb8 Qb3 g5 Ba6 b6 Rf1 Nc5 Qxd5 Nxa6 Nxc6+ Bxc6 Qxc6 Nc5 Bd2 Nd3 fxg5 Bxh2+"
)


@pytest.mark.parametrize(
    ("sans", "why"),
    [("e4 d5 exd5 Qxd5 Nc3", "attacks the queen"), (DISCOVERY, "a bishop for a queen, by discovery")],
)
def test_simple_tactics_are_no_sacrifices(sans: str, why: str) -> None:
    game = a_game(sans)
    assert not is_sacrifice(game.boards[-2], chess.Move.from_uci(game.moves[-1])), why


def test_a_queen_lost_to_a_skewer_is_no_sacrifice() -> None:
    # The check along the file wins the new queen for a rook wherever the king goes.
    board = chess.Board("5R1Q/2k5/8/6PK/1p6/8/7r/8 w - - 1 72")
    assert given_up(board, board.parse_san("Kg6")) == 4
    assert not sacrifices(board, "Kg6")


def test_a_pawn_that_promotes_and_is_taken_is_no_sacrifice() -> None:
    board = chess.Board("4k2r/1P6/8/8/8/8/8/4K3 w - - 0 1")
    board.set_piece_at(chess.A8, chess.Piece(chess.ROOK, chess.BLACK))
    assert not sacrifices(board, "b8=Q+")


def test_mate_gives_nothing_up() -> None:
    board = board_before("morphy-opera-1858", 17, chess.WHITE)
    assert given_up(board, board.parse_san("Rd8#")) == 0


def test_the_other_moves_of_a_quiet_opening_give_nothing_up() -> None:
    game = a_game("e4 e5 Nf3 Nc6 Bb5 a6 Ba4 Nf6 O-O Be7 Re1 b5 Bb3 d6 c3 O-O")
    given = [
        given_up(board, chess.Move.from_uci(uci)) for board, uci in zip(game.boards, game.moves, strict=False)
    ]
    assert given == [0] * game.ply_count


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=10, max_size=60))
def test_colours_are_treated_alike(choices: list[int]) -> None:
    board = chess.Board()
    for choice in choices:
        moves = list(board.legal_moves)
        if not moves:
            return
        board.push(moves[choice % len(moves)])
    for move in list(board.legal_moves)[:5]:
        mirrored_move = chess.Move(
            chess.square_mirror(move.from_square), chess.square_mirror(move.to_square), move.promotion
        )
        assert given_up(board, move) == given_up(board.mirror(), mirrored_move)
        assert wins_material(board, move) == wins_material(board.mirror(), mirrored_move)
