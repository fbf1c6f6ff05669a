"""What moves do to the features of either side."""

from dataclasses import replace

import chess
import pytest

from knight_vision.domain.positional import Change, ChangeKind, changes, metrics
from tests.support.positions import after, names


def told(before: chess.Board, later: chess.Board, side: chess.Color) -> list[str]:
    """The changes as `-isolated_pawn d5`."""
    return [
        f"{'+' if change.is_gain else '-'}{change.kind} {names(change.squares)}".strip()
        for change in changes(metrics(before), metrics(later), side)
    ]


def of_moves(start: str | chess.Board, sans: str, side: chess.Color) -> list[str]:
    """The changes that moves make from a FEN or board."""
    before = chess.Board(start) if isinstance(start, str) else start
    later = before.copy()
    for san in sans.split():
        later.push_san(san)
    return told(before, later, side)


TARRASCH = after("d4 d5 c4 e6 Nc3 c5 cxd5 exd5 Nf3 Nc6 g3 Nf6 Bg2 Be7 O-O O-O")


def test_black_is_left_with_an_isolated_pawn() -> None:
    assert "-isolated_pawn d5" in of_moves(TARRASCH, "dxc5 Bxc5", chess.BLACK)
    assert not [told for told in of_moves(TARRASCH, "dxc5 Bxc5", chess.WHITE) if "isolated" in told]


def test_the_exchange_variation_gives_up_the_bishop_pair_for_doubled_pawns() -> None:
    spanish = after("e4 e5 Nf3 Nc6 Bb5 a6")
    assert of_moves(spanish, "Bxc6 dxc6", chess.WHITE) == ["-bishop_pair"]
    assert "-doubled_pawns c6 c7" in of_moves(spanish, "Bxc6 dxc6", chess.BLACK)


def test_a_passed_pawn_is_given() -> None:
    fen = "4k3/pp3ppp/2p5/3P4/8/8/PP3PPP/4K3 b - - 0 1"
    assert of_moves(fen, "c5", chess.WHITE) == ["+passed_pawn d5"]
    assert of_moves(fen, "c5", chess.BLACK) == []  # b2 still guards the way of c5


def test_a_passed_pawn_that_goes_on_is_the_same_one() -> None:
    assert of_moves("4k3/8/8/3P4/8/8/8/4K3 w - - 0 1", "d6", chess.WHITE) == []


def test_a_promoted_pawn_is_not_a_passed_pawn_lost() -> None:
    found = of_moves("8/3P4/8/8/8/1k6/8/4K3 w - - 0 1", "d8=Q", chess.WHITE)
    assert "+material" in found
    assert "-passed_pawn d7" not in found


def test_a_captured_passed_pawn_is_lost() -> None:
    found = of_moves("4k3/3P4/8/8/8/8/8/4K3 b - - 0 1", "Kxd7", chess.WHITE)
    assert found[:2] == ["-material", "-passed_pawn d7"]


def test_a_weak_pawn_lost_is_not_a_weakness_cured() -> None:
    fen = "3rk3/8/8/8/3P4/8/PP3PPP/4K3 b - - 0 1"
    assert "+isolated_pawn d4" not in of_moves(fen, "Rxd4", chess.WHITE)


def test_a_weak_pawn_exchanged_is_a_weakness_cured() -> None:
    fen = "4k3/pp3ppp/4p3/3n4/3P4/2N5/PP3PPP/4K3 w - - 0 1"
    before, later = chess.Board(fen), chess.Board(fen)
    later.remove_piece_at(chess.D4)
    later.remove_piece_at(chess.E6)
    assert "+isolated_pawn d4" in told(before, later, chess.WHITE)


CASTLED = "r1bq1rk1/ppp2ppp/2np1n2/2b1p3/2B1P3/2NP1N2/PPP2PPP/R1BQ1RK1 w - - 0 1"


def test_the_king_shield_is_weakened() -> None:
    assert of_moves(CASTLED, "h4", chess.WHITE) == ["-king_shield h2"]


def test_a_file_is_opened_at_the_king() -> None:
    fen = "r1bq1rk1/ppp2ppp/2np1n2/2b1p1B1/4P3/2NP1N2/PPP2PPP/R2Q1RK1 w - - 0 1"
    assert "-king_file g8" in of_moves(fen, "Bxf6 gxf6", chess.BLACK)
    mirrored = chess.Board(fen).mirror()
    assert "-king_file g1" in of_moves(mirrored, "Bxf3 gxf3", chess.WHITE)


def test_without_enemy_attackers_nothing_is_said_of_shields() -> None:
    assert of_moves("4k3/5ppp/8/8/8/8/5PPP/6K1 w - - 0 1", "h4", chess.WHITE) == []


def test_a_king_that_can_still_castle_does_without_a_shield() -> None:
    assert of_moves(chess.STARTING_FEN, "e4 e5 d4 exd4", chess.WHITE)[0] == "-material"
    assert not [told for told in of_moves(chess.STARTING_FEN, "e4 e5 d4 exd4", chess.WHITE) if "king" in told]


def test_a_shield_in_the_centre_is_not_told_even_under_attack() -> None:
    board = after("e4 e5 Nf3 Nc6 Bc4 Bc5")
    assert names(metrics(board).white.king_attackers) == "c5"
    assert not [told for told in of_moves(board, "d4", chess.WHITE) if "king" in told]


def test_two_attackers_are_not_yet_an_attack() -> None:
    castled = metrics(chess.Board(CASTLED))
    position = replace(castled, white=replace(castled.white, king_attackers=(chess.C5,)))
    for attackers, is_told in (((chess.C5, chess.G4), False), ((chess.C5, chess.G4, chess.H4), True)):
        attacked = replace(position, white=replace(position.white, king_attackers=attackers))
        found = [change.kind for change in changes(position, attacked, chess.WHITE)]
        assert (ChangeKind.KING_ATTACKERS in found) == is_told


def test_castling_is_a_gain_and_losing_the_right_a_loss() -> None:
    board = after("e4 e5 Nf3 Nc6 Bc4 Bc5")
    assert of_moves(board, "O-O", chess.WHITE)[0] == "+castling"
    assert "-castling" in of_moves(board, "Ke2", chess.WHITE)


def test_an_attack_gathers() -> None:
    fen = "rnbq1rk1/ppp1npp1/4p3/3pP3/3P4/3B1N2/PPP2PPP/RN1QK2R w KQ - 0 1"
    found = of_moves(fen, "Ng5 a6 Qh5", chess.BLACK)
    assert found[0] == "-king_exposure"
    assert "-king_attackers g5 h5" in found


def test_the_sveshnikov_weakens_d5_and_d6() -> None:
    found = of_moves(after("e4 c5 Nf3 Nc6 d4 cxd4 Nxd4 Nf6 Nc3"), "e5 Ndb5 d6", chess.BLACK)
    assert "-weak_square d5" in found
    assert "-backward_pawn d6" in found


def test_a_knight_comes_to_an_outpost() -> None:
    assert "+outpost d5" in of_moves("4k3/pp3ppp/3p4/8/4P3/2N5/PPP2PPP/4K3 w - - 0 1", "Nd5", chess.WHITE)


def test_rooks_come_to_life() -> None:
    fen = "6k1/pp3ppp/8/8/8/8/PP3PPP/4R1K1 w - - 0 1"
    assert of_moves(fen, "Re7", chess.WHITE) == ["+rook_on_seventh e7"]
    assert of_moves("6k1/pp3ppp/8/8/8/8/PP3PPP/R5K1 w - - 0 1", "Rd1", chess.WHITE) == [
        "+rook_on_open_file d1"
    ]


def test_hanging_pawns_are_got_and_resolved() -> None:
    fen = "r2q1rk1/pb2bppp/1pn1pn2/8/2PP4/2N2N2/P2B1PPP/R2QRBK1 w - - 0 1"
    resolved = of_moves(fen, "d5", chess.WHITE)
    assert "+hanging_pawns c4 d4" in resolved
    board = chess.Board(fen)
    board.push_san("d5")
    assert "-hanging_pawns c4 d4" in told(board, chess.Board(fen), chess.WHITE)


def test_a_bishop_goes_bad() -> None:
    assert "-bad_bishop c8" in of_moves(after("e4 e6 d4"), "d5", chess.BLACK)


def test_numbers_are_told_when_they_change_much() -> None:
    developing = of_moves(chess.STARTING_FEN, "Nf3 a6 Nc3 a5", chess.WHITE)
    assert "+development" in developing
    assert "+centre" in developing
    assert "-development" in of_moves(chess.STARTING_FEN, "Nf3 a6 Nc3 a5", chess.BLACK)
    assert not {"+development", "+centre"} & set(of_moves(chess.STARTING_FEN, "a3", chess.WHITE))
    assert "+space" in of_moves(chess.STARTING_FEN, "e4 a6 d4 b6 f4 h6", chess.WHITE)


def test_losing_the_queen_costs_mobility() -> None:
    board = chess.Board("6k1/5ppp/8/3r4/3Q4/8/5PPP/3R2K1 b - - 0 1")
    assert of_moves(board, "Rxd4", chess.WHITE)[0] == "-material"
    assert "-mobility" in of_moves(board, "Rxd4", chess.WHITE)


def test_islands() -> None:
    fen = "4k3/pppppppp/8/8/8/8/PPPPPPPP/4K3 w - - 0 1"
    before, later = chess.Board(fen), chess.Board(fen)
    later.remove_piece_at(chess.D2)
    later.remove_piece_at(chess.D7)
    assert "-pawn_islands" in told(before, later, chess.WHITE)
    assert "+pawn_islands" in told(later, before, chess.WHITE)


def test_an_island_lost_with_its_pawn_is_no_gain() -> None:
    board = chess.Board("4k3/8/8/8/8/8/P1P5/4K3 w - - 0 1")
    later = board.copy()
    later.remove_piece_at(chess.C2)
    assert "+pawn_islands" not in told(board, later, chess.WHITE)


def test_of_two_isolated_pawns_only_the_new_one_is_told() -> None:
    before = chess.Board("4k3/8/8/8/3P4/8/PP6/4K3 w - - 0 1")
    later = chess.Board("4k3/8/8/3P4/8/8/P7/4K3 w - - 0 1")
    assert "-isolated_pawn a2" in told(before, later, chess.WHITE)


def test_a_weak_square_is_in_the_own_half() -> None:
    board = chess.Board("4k3/p4ppp/8/8/8/2N5/PP3PPP/4K3 w - - 0 1")
    assert not [told for told in of_moves(board, "b3", chess.BLACK) if "weak_square" in told]
    board.push_san("b3")
    assert names(metrics(board).white.outpost_squares) == "c4"  # in White's half


@pytest.mark.parametrize(
    ("kind", "name", "least"),
    [
        (ChangeKind.SPACE, "space", 5),
        (ChangeKind.CENTRE, "centre_control", 4),
        (ChangeKind.MOBILITY, "mobility", 12),
    ],
)
def test_how_much_is_much(kind: ChangeKind, name: str, least: int) -> None:
    start = metrics(chess.Board())
    for won in (least - 1, least):
        values: dict[str, int] = {name: getattr(start.black, name) + won}
        later = replace(start, black=replace(start.black, **values))  # type: ignore[arg-type]
        expected = [Change(kind, chess.BLACK, True, ())] if won == least else []
        assert list(changes(start, later, chess.BLACK)) == expected
        assert [(c.kind, c.is_gain) for c in changes(start, later, chess.WHITE)] == [
            (kind, False) for _ in expected
        ]


def test_the_most_important_comes_first_and_each_kind_once() -> None:
    found = changes(metrics(TARRASCH), metrics(chess.Board("6k1/8/8/8/8/8/r7/6K1 w - - 0 1")), chess.BLACK)
    ranks = [list(ChangeKind).index(change.kind) for change in found]
    assert ranks == sorted(set(ranks))
    assert found[0].kind is ChangeKind.MATERIAL


@pytest.mark.parametrize("side", chess.COLORS)
def test_the_json_of_a_change(side: chess.Color) -> None:
    change = Change(ChangeKind.OUTPOST, side, True, (chess.D5,))
    name = "white" if side else "black"
    assert change.to_json() == {"kind": "outpost", "side": name, "is_gain": True, "squares": ["d5"]}
