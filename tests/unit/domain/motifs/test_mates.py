"""Which named mates a final position shows."""

import chess
import pytest

from knight_vision.domain.motifs.mates import named_mates
from knight_vision.domain.motifs.motif import Motif

# before the mate, the mating move, the names that apply
MATES = {
    "smothered": ("6rk/6pp/8/6N1/8/8/8/6K1 w - - 0 1", "Nf7#", {Motif.SMOTHERED_MATE}),
    "back rank": ("6k1/5ppp/8/8/8/8/8/R5K1 w - - 0 1", "Ra8#", {Motif.BACK_RANK_MATE}),
    "anastasia": ("8/4N1pk/8/8/8/1K6/8/R7 w - - 0 1", "Rh1#", {Motif.ANASTASIA_MATE}),
    "arabian": ("7k/8/5N2/8/8/8/8/1K4R1 w - - 0 1", "Rg8#", {Motif.ARABIAN_MATE}),
    "boden": ("2kr4/3p4/8/8/5B2/8/4B3/K7 w - - 0 1", "Ba6#", {Motif.BODEN_MATE}),
    "double bishop": ("7k/7p/8/3B4/8/8/5B2/K7 w - - 0 1", "Bd4#", {Motif.DOUBLE_BISHOP_MATE}),
    "dovetail": ("8/8/4p3/3pk3/8/6P1/8/K4Q2 w - - 0 1", "Qf4#", {Motif.DOVETAIL_MATE}),
    "hook": ("R7/5pk1/5Np1/6P1/8/8/8/K7 w - - 0 1", "Rg8#", {Motif.HOOK_MATE}),
    "balestra": ("6k1/8/7Q/8/8/8/4B3/K7 w - - 0 1", "Bc4#", {Motif.BALESTRA_MATE}),
    "blind swine": ("5rk1/1R5R/8/8/8/8/8/K7 w - - 0 1", "Rbg7#", {Motif.BLIND_SWINE_MATE}),
    "corner": ("7k/7p/8/6N1/8/8/8/K5R1 w - - 0 1", "Nf7#", {Motif.CORNER_MATE}),
    "kill box": ("6k1/8/7Q/8/8/8/8/K4R2 w - - 0 1", "Rf8#", {Motif.KILL_BOX_MATE}),
    "morphy's": ("7k/7p/8/8/8/8/3B4/K5R1 w - - 0 1", "Bc3#", {Motif.MORPHYS_MATE}),
    "opera": ("4k2r/5ppp/8/6B1/8/8/8/K2R4 w - - 0 1", "Rd8#", {Motif.OPERA_MATE}),
    "pillsbury's: the bishop alone holds f7": (
        "6k1/6pp/8/7B/8/8/8/4R1K1 w - - 0 1",
        "Re8#",
        {Motif.PILLSBURYS_MATE},
    ),
    "pillsbury's": ("5rk1/5p1p/5B2/8/8/8/8/K6R w - - 0 1", "Rg1#", {Motif.PILLSBURYS_MATE}),
    "triangle": ("3R4/4kp2/8/8/3Q4/8/8/K7 w - - 0 1", "Qd6#", {Motif.TRIANGLE_MATE}),
    "vukovic": (
        "5N1k/8/8/8/2B5/8/8/K5R1 w - - 0 1",
        "Rg8#",
        {Motif.VUKOVIC_MATE, Motif.OPERA_MATE},
    ),
    "epaulette": ("3rkr2/8/Q7/8/8/8/8/K7 w - - 0 1", "Qe6#", {Motif.EPAULETTE_MATE}),
    "swallow's tail": ("3r1r2/4k3/Q7/8/8/1B6/8/K7 w - - 0 1", "Qe6#", {Motif.SWALLOWSTAIL_MATE}),
}
# mates that look like the pattern of the same name and are not
NEAR_MISSES = {
    "smothered: a flight is guarded, not blocked": (
        "6rk/6p1/8/6N1/8/3B4/8/6K1 w - - 0 1",
        "Nf7#",
        set(),
    ),
    "back rank: a bishop guards the way out": (
        "6k1/5pp1/8/8/8/3B4/8/R5K1 w - - 0 1",
        "Ra8#",
        {Motif.PILLSBURYS_MATE},
    ),
    "anastasia: no piece of its own beside the king": (
        "8/4N2k/8/8/3B4/1K6/8/R7 w - - 0 1",
        "Rh1#",
        {Motif.PILLSBURYS_MATE},
    ),
    "arabian: a bishop guards the rook": ("7k/7p/4B3/8/8/8/8/K5R1 w - - 0 1", "Rg8#", {Motif.OPERA_MATE}),
    "boden: a queen in place of the second bishop": (
        "2kr4/3p4/8/8/5Q2/8/4B3/K7 w - - 0 1",
        "Ba6#",
        {Motif.BALESTRA_MATE},
    ),
    "double bishop: the second bishop has no part": (
        "5bkr/6pp/8/8/8/8/4B3/K1B5 w - - 0 1",
        "Bc4#",
        set(),
    ),
    "dovetail: a bishop guards a flight": ("2B5/8/8/3pk3/8/6P1/8/K4Q2 w - - 0 1", "Qf4#", set()),
    "hook: a bishop guards the knight": ("R7/5pk1/5Npp/8/3B4/8/8/K7 w - - 0 1", "Rg8#", set()),
    "balestra: a rook in place of the queen": ("5bk1/6p1/8/8/8/8/4B3/K6R w - - 0 1", "Bc4#", set()),
    "blind swine: the rooks mow the lawn": ("6k1/R7/1R6/8/8/8/8/K7 w - - 0 1", "Rb8#", set()),
    "corner: the rook stands on the king's own file": (
        "7k/6pp/8/4N3/2B5/8/8/K6R w - - 0 1",
        "Ng6#",
        set(),
    ),
    "kill box: the queen guards the rook from afar": (
        "6k1/6pp/8/2Q5/8/8/8/K4R2 w - - 0 1",
        "Rf8#",
        set(),
    ),
    "morphy's: the rook does not cross the bishop": ("1R6/6bk/7p/8/K7/8/4B3/8 w - - 0 1", "Bd3#", set()),
    "opera: a rook guards the rook": ("4k2r/4pppp/8/8/8/8/3R4/K2R4 w - - 0 1", "Rd8#", set()),
    "pillsbury's: the queen holds f7 as well": (
        "6k1/6pp/8/7B/8/5Q2/8/4R1K1 w - - 0 1",
        "Re8#",
        set(),
    ),
    "pillsbury's: a queen in place of the bishop": ("5rk1/5p1p/5Q2/8/8/8/8/K6R w - - 0 1", "Rg1#", set()),
    "triangle: the rook backs the queen from afar": (
        "4kr2/5p2/8/3Q4/8/8/8/K2R4 w - - 0 1",
        "Qd7#",
        set(),
    ),
    "vukovic: the knight is not in the row": (
        "7k/8/6R1/6N1/2B5/8/8/K7 w - - 0 1",
        "Rg8#",
        {Motif.OPERA_MATE},
    ),
    "epaulette: a rook guards one side": ("4kr2/8/Q7/8/8/8/8/K2R4 w - - 0 1", "Qe6#", set()),
    "swallow's tail: a rook guards one side": (
        "3r4/4k3/Q7/8/8/1B6/8/K4R2 w - - 0 1",
        "Qe6#",
        set(),
    ),
}
ALL = MATES | NEAR_MISSES


OPERA_GAME = (
    "e4 e5 Nf3 d6 d4 Bg4 dxe5 Bxf3 Qxf3 dxe5 Bc4 Nf6 Qb3 Qe7 Nc3 c6 Bg5 b5 Nxb5 cxb5 Bxb5+ Nbd7 O-O-O Rd8 "
    "Rxd7 Rxd7 Rd1 Qe6 Bxd7+ Nxd7 Qb8+ Nxb8 Rd8#"
)


def play(sans: str) -> chess.Board:
    board = chess.Board()
    for san in sans.split():
        board.push_san(san)
    return board


def mated(fen: str, san: str) -> chess.Board:
    board = chess.Board(fen)
    board.push_san(san)
    assert board.is_checkmate()
    return board


def names(board: chess.Board) -> set[Motif]:
    return {motif for motif, _, _ in named_mates(board)}


@pytest.mark.parametrize("case", MATES)
def test_a_pattern_is_named(case: str) -> None:
    fen, san, expected = MATES[case]
    assert names(mated(fen, san)) == expected


@pytest.mark.parametrize("case", NEAR_MISSES)
def test_a_near_miss_is_not_named(case: str) -> None:
    fen, san, expected = NEAR_MISSES[case]
    assert names(mated(fen, san)) == expected


@pytest.mark.parametrize("case", ALL)
def test_colours_do_not_matter(case: str) -> None:
    fen, san, _ = ALL[case]
    board = mated(fen, san)
    move = board.peek()
    flipped = chess.Board(fen).mirror()
    flipped.push(chess.Move(chess.square_mirror(move.from_square), chess.square_mirror(move.to_square)))
    assert [
        (motif, chess.square_mirror(mating), {chess.square_mirror(square) for square in others})
        for motif, mating, others in named_mates(flipped)
    ] == [(motif, mating, set(others)) for motif, mating, others in named_mates(board)]


@pytest.mark.parametrize("case", ALL)
def test_a_mate_has_the_same_names_on_both_wings(case: str) -> None:
    fen, san, _ = ALL[case]
    board = mated(fen, san)
    move = board.peek()
    flipped = chess.Board(fen).transform(chess.flip_horizontal)
    flipped.push(chess.Move(move.from_square ^ 7, move.to_square ^ 7))
    assert names(flipped) == names(board)


def test_the_opera_game_ends_in_its_mate() -> None:
    board = play(OPERA_GAME)
    assert named_mates(board) == ((Motif.OPERA_MATE, chess.D8, (chess.E8, chess.G5)),)


def test_the_evidence_is_the_mating_piece_then_the_king_and_the_helpers() -> None:
    assert named_mates(mated(*MATES["hook"][:2])) == (
        (Motif.HOOK_MATE, chess.G8, (chess.G7, chess.G5, chess.F6)),
    )
    assert named_mates(mated(*MATES["smothered"][:2])) == ((Motif.SMOTHERED_MATE, chess.F7, (chess.H8,)),)


def test_the_mating_piece_of_a_discovered_mate_is_the_one_that_checks() -> None:
    board = mated("5rk1/5p1p/5B2/6N1/8/8/8/K5R1 w - - 0 1", "Nf3#")
    assert named_mates(board) == ((Motif.PILLSBURYS_MATE, chess.G1, (chess.G8, chess.F6)),)


@pytest.mark.parametrize("is_chess960", [False, True])
def test_castling_mates_with_the_rook(is_chess960: bool) -> None:
    board = chess.Board("2rkr3/2p1p3/8/8/8/8/8/R3K3 w Q - 0 1", chess960=is_chess960)
    board.push_san("O-O-O#")
    assert board.is_checkmate()
    assert named_mates(board) == ((Motif.EPAULETTE_MATE, chess.D1, (chess.D8,)),)


def test_fools_mate_has_no_name() -> None:
    assert named_mates(play("f3 e5 g4 Qh4#")) == ()


def test_a_mate_without_the_move_before_it_is_refused() -> None:
    with pytest.raises(IndexError):
        named_mates(chess.Board("R5k1/5ppp/8/8/8/8/8/6K1 b - - 0 1"))
