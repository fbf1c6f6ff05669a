"""Pawns: the structures of the textbooks, and the bitboards against the definitions spelt out."""

import chess
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.domain.positional import metrics
from tests.support.positions import after, black, names, random_position, random_set_up, white

ISOLANI = "r1bq1rk1/pp2bppp/2n1pn2/8/3P4/2N2N2/PP3PPP/R1BQRBK1 w - - 0 1"
CARLSBAD = "r1bqr1k1/pp2bppp/2p2n2/3p2B1/3P4/2NBP3/PPQ1NPPP/R4RK1 w - - 0 1"
AFTER_THE_MINORITY_ATTACK = "r1bqr1k1/p3bppp/2p2n2/3p2B1/3P4/2NBP3/P1Q1NPPP/R4RK1 w - - 0 1"
HANGING_PAWNS = "r2q1rk1/pb2bppp/1pn1pn2/8/2PP4/2N2N2/P2B1PPP/R2QRBK1 w - - 0 1"
SVESHNIKOV = "e4 c5 Nf3 Nc6 d4 cxd4 Nxd4 Nf6 Nc3 e5 Ndb5 d6"
EXCHANGE_SPANISH = "e4 e5 Nf3 Nc6 Bb5 a6 Bxc6 dxc6 d4 exd4 Qxd4 Qxd4 Nxd4"


def test_the_start_position_has_no_features() -> None:
    side = white(chess.STARTING_FEN)
    assert side.pawn_islands == 1
    assert not any(
        (side.isolated_pawns, side.doubled_pawns, side.backward_pawns, side.hanging_pawns, side.passed_pawns)
    )
    assert (side.queenside_majority, side.kingside_majority) == (0, 0)


def test_the_isolani() -> None:
    assert names(white(ISOLANI).isolated_pawns) == "d4"
    assert white(ISOLANI).pawn_islands == 3
    assert names(black(ISOLANI).isolated_pawns) == ""
    assert black(ISOLANI).pawn_islands == 2
    assert names(black(ISOLANI).outpost_squares) == "d5"  # the blockade


def test_an_isolated_pawn_is_not_called_backward_too() -> None:
    board = chess.Board("4k3/8/2p1p3/8/3P4/8/8/4K3 w - - 0 1")
    assert names(white(board).isolated_pawns) == "d4"
    assert white(board).backward_pawns == ()


def test_majorities_of_the_carlsbad_structure() -> None:
    assert (white(CARLSBAD).queenside_majority, white(CARLSBAD).kingside_majority) == (0, 1)
    assert (black(CARLSBAD).queenside_majority, black(CARLSBAD).kingside_majority) == (1, 0)
    assert (white(CARLSBAD).pawn_islands, black(CARLSBAD).pawn_islands) == (2, 2)
    assert black(CARLSBAD).backward_pawns == ()  # b7 supports c6


def test_the_minority_attack_leaves_a_backward_pawn() -> None:
    side = black(AFTER_THE_MINORITY_ATTACK)
    assert names(side.backward_pawns) == "c6"
    assert names(side.isolated_pawns) == "a7"


def test_opposite_majorities() -> None:
    fen = "4k3/pp3ppp/4p3/8/8/8/PPP2PPP/4K3 w - - 0 1"
    assert (white(fen).queenside_majority, white(fen).kingside_majority) == (1, 0)
    assert (black(fen).queenside_majority, black(fen).kingside_majority) == (0, 1)


def test_the_wings_meet_between_the_d_and_the_e_file() -> None:
    assert white("4k3/pp6/8/8/8/8/PP1P4/4K3 w - - 0 1").queenside_majority == 1
    assert white("4k3/6pp/8/8/8/8/4P1PP/4K3 w - - 0 1").kingside_majority == 1


def test_hanging_pawns() -> None:
    assert names(white(HANGING_PAWNS).hanging_pawns) == "c4 d4"
    assert names(black(chess.Board(HANGING_PAWNS).mirror()).hanging_pawns) == "c5 d5"


@pytest.mark.parametrize(
    "pawns",
    [
        "1p2p3/8/2P5/3P4/4P3",  # a neighbour: the e-pawn
        "1p2p3/8/2P5/3P4/8",  # not abreast
        "1pp1p3/8/8/2PP4/8",  # the c-file is closed
        "8/8/8/2PP4/8",  # connected passed pawns
        "1p2p3/8/2PP4/8/8",  # beyond the fourth rank
    ],
)
def test_what_hanging_pawns_are_not(pawns: str) -> None:
    assert white(f"4k3/{pawns}/8/4K3 w - - 0 1").hanging_pawns == ()


def test_the_backward_pawn_of_the_sveshnikov() -> None:
    board = after(SVESHNIKOV)
    assert names(black(board).backward_pawns) == "d6"
    assert names(white(board).outpost_squares) == "d5"
    assert white(board).backward_pawns == ()


def test_a_pawn_on_d5_covers_the_backward_pawn_up() -> None:
    board = after(SVESHNIKOV + " Nd5 Nxd5 exd5")
    assert black(board).backward_pawns == ()


def test_a_pawn_in_a_lever_is_not_backward() -> None:
    """White's d4 can take e5: what it will be depends on that."""
    assert white("4k3/2p5/8/4p3/3P4/2P5/8/4K3 w - - 0 1").backward_pawns == ()
    assert names(white("4k3/8/2p5/4p3/8/3P4/4P3/4K3 w - - 0 1").backward_pawns) == ""
    assert names(white("4k3/2p5/8/4p3/4P3/3P4/8/4K3 w - - 0 1").backward_pawns) == "d3"


def test_doubled_pawns() -> None:
    board = after(EXCHANGE_SPANISH)
    assert names(black(board).doubled_pawns) == "c6 c7"
    assert white(board).doubled_pawns == ()
    assert (white(board).kingside_majority, black(board).queenside_majority) == (1, 1)
    assert names(white("4k3/8/8/2P5/2P5/2P5/P7/4K3 w - - 0 1").doubled_pawns) == "c3 c4 c5"


def test_passed_pawns() -> None:
    board = chess.Board("4k3/p7/8/1P3p2/8/3P3P/3P4/4K3 w - - 0 1")
    assert names(white(board).passed_pawns) == "d3 h3"  # a7 stops b5, the rear d-pawn waits
    assert names(black(board).passed_pawns) == "f5"


def test_pawns_that_passed_each_other_are_passed() -> None:
    board = chess.Board("4k3/8/8/3P4/4p3/8/8/4K3 w - - 0 1")
    assert names(white(board).passed_pawns) == "d5"
    assert names(black(board).passed_pawns) == "e4"


def test_islands() -> None:
    assert white("4k3/8/8/8/8/8/P1P1P1P1/4K3 w - - 0 1").pawn_islands == 4
    assert white("4k3/8/8/8/8/8/PP1PP2P/4K3 w - - 0 1").pawn_islands == 3
    assert white("4k3/8/8/8/8/8/8/4K3 w - - 0 1").pawn_islands == 0


def naive(board: chess.Board, color: chess.Color) -> dict[str, list[str]]:
    """The definitions spelt out square by square."""
    own, enemy = board.pieces(chess.PAWN, color), board.pieces(chess.PAWN, not color)
    step = 1 if color else -1

    def rank(square: chess.Square) -> int:
        return chess.square_rank(square) * step

    def gap(one: chess.Square, other: chess.Square) -> int:
        return abs(chess.square_file(one) - chess.square_file(other))

    def ahead(square: chess.Square, pawns: chess.SquareSet, files: tuple[int, ...]) -> bool:
        return any(gap(square, pawn) in files and rank(pawn) > rank(square) for pawn in pawns)

    def attacked(square: chess.Square, pawns: chess.SquareSet, by: int) -> bool:
        return any(gap(square, pawn) == 1 and rank(pawn) == rank(square) + by for pawn in pawns)

    def is_backward(pawn: chess.Square) -> bool:
        supported = any(gap(pawn, other) == 1 and rank(other) <= rank(pawn) for other in own)
        stop = pawn + 8 * step
        return (
            pawn not in isolated
            and not supported
            and attacked(stop, enemy, by=1)
            and not attacked(pawn, enemy, by=1)
            and not ahead(pawn, enemy, (0,))
        )

    isolated = [pawn for pawn in own if not any(gap(pawn, other) == 1 for other in own)]
    holes = [
        square
        for square in chess.SQUARES
        if (chess.square_rank(square) if color else 7 - chess.square_rank(square)) in (3, 4, 5)
        and 1 <= chess.square_file(square) <= 6
        and square not in own | enemy
        and attacked(square, own, by=-1)
        and not ahead(square, enemy, (1,))
    ]
    features = {
        "isolated_pawns": isolated,
        "doubled_pawns": [pawn for pawn in own if any(gap(pawn, o) == 0 and o != pawn for o in own)],
        "backward_pawns": [pawn for pawn in own if is_backward(pawn)],
        "passed_pawns": [p for p in own if not ahead(p, enemy, (0, 1)) and not ahead(p, own, (0,))],
        "outpost_squares": holes if board.knights & board.occupied_co[color] else [],
    }
    return {name: [chess.SQUARE_NAMES[square] for square in sorted(on)] for name, on in features.items()}


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), is_set_up=st.booleans())
def test_the_bitboards_say_what_the_definitions_say(seed: int, is_set_up: bool) -> None:
    board = random_set_up(seed) if is_set_up else random_position(seed)
    for color in chess.COLORS:
        side = metrics(board).of(color)
        for name, expected in naive(board, color).items():
            if name != "outpost_squares" or board.knights & board.occupied_co[color]:
                assert names(getattr(side, name)).split() == expected, (name, board.fen())
