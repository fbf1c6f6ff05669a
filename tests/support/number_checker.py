"""Counts again what sentences count: squares, attacks, space, attackers, pieces at home, men."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import chess

from tests.support.cited_lines import RUN, TYPES, VALUE, Played, place

__all__ = ["numbers"]

NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
CENTRE = ("d4", "e4", "d5", "e5")
CLAIM = re.compile(
    rf"(?P<line>{RUN.pattern}) would have [^,]*, with (?P<wanted>\w+) (?P<what>[a-z][^.]*?) "
    rf"instead of (?P<had>\w+) after (?P<other>{RUN.pattern})"
)


def numbers(sentence: str, played: Played, better: Played) -> Iterator[str]:
    """Both numbers of a comparison hold after the moves cited: as many of each line, except of men."""
    claim = CLAIM.search(sentence)
    if claim is None:
        if " instead of " in sentence and ", with " in sentence:
            yield "a comparison that is not understood"
        return
    side = re.search("White|Black", claim["what"])
    what = re.sub(r"(?:White|Black)(?:'s)?", "X", claim["what"])
    count = next((count for words, count in COUNTS.items() if re.fullmatch(words, what)), None)
    places = place(better, claim["line"]), place(played, claim["other"])
    if count is None or side is None or places[0] is None or places[1] is None:
        yield "a comparison of nothing that is known"
        return
    is_of_men = count in MEN.values()
    if places[0][1] != places[1][1] and not is_of_men:
        yield "a comparison after more moves on one side"
    color = side[0] == "White"
    if is_of_men:
        mover = better.boards[0].turn
        wanted, had = (
            material(line.boards[last + 1], mover) - material(line.boards[last + 1], not mover)
            for line, (_, last) in ((better, places[0]), (played, places[1]))
        )
        if wanted <= had:
            yield "more men and no more material"
    for name, line, (_, last) in (("wanted", better, places[0]), ("had", played, places[1])):
        counted = count(line.boards[last + 1], color)
        if counted != number(claim[name]):
            yield f"{counted}, not {claim[name]}"


def number(word: str) -> int:
    """`no` and `none` are 0."""
    if word == "none":
        return 0
    return NUMBERS.index(word) if word in NUMBERS else int(word)


def officers(board: chess.Board, color: chess.Color) -> list[chess.Square]:
    """Where the queens, rooks, bishops and knights stand."""
    return [
        square
        for square, piece in board.piece_map().items()
        if piece.color == color and piece.piece_type not in (chess.PAWN, chess.KING)
    ]


def pawn_attacks(board: chess.Board, color: chess.Color) -> chess.SquareSet:
    """All squares that the pawns of a side attack."""
    found = chess.SquareSet()
    for pawn in board.pieces(chess.PAWN, color):
        found |= board.attacks(pawn)
    return found


def squares(board: chess.Board, color: chess.Color) -> int:
    """Where the pieces can go: not onto their own men, not where a pawn takes them."""
    closed = chess.SquareSet(board.occupied_co[color]) | pawn_attacks(board, not color)
    return sum(len(board.attacks(square) - closed) for square in officers(board, color))


def attacks_on_centre(board: chess.Board, color: chess.Color) -> int:
    """By all men."""
    return sum(len(board.attackers(color, chess.parse_square(name))) for name in CENTRE)


def space(board: chess.Board, color: chess.Color) -> int:
    """Safe squares of the own centre, twice where a pawn up to three squares ahead shelters them."""
    ahead = 1 if color == chess.WHITE else -1
    found = 0
    for file in range(2, 6):
        for rank in (1, 2, 3):
            square = chess.square(file, rank if color == chess.WHITE else 7 - rank)
            own_pawn = chess.Piece(chess.PAWN, color)
            if board.piece_at(square) == own_pawn or square in pawn_attacks(board, not color):
                continue
            before = [chess.square_rank(square) + ahead * step for step in (1, 2, 3)]
            shelter = any(
                0 <= one < 8 and board.piece_at(chess.square(file, one)) == own_pawn for one in before
            )
            found += 2 if shelter and not board.attackers(not color, square) else 1
    return found


def aimed_at_king(board: chess.Board, color: chess.Color) -> int:
    """Enemy pieces that attack a square of the block of nine around the king."""
    king = board.king(color)
    assert king is not None
    file, rank = (min(max(one, 1), 6) for one in (chess.square_file(king), chess.square_rank(king)))
    block = {chess.square(file + x, rank + y) for x in (-1, 0, 1) for y in (-1, 0, 1)}
    return sum(bool(block & set(board.attacks(square))) for square in officers(board, not color))


def at_home(board: chess.Board, color: chess.Color) -> int:
    """Knights and bishops on the first rank."""
    minors = board.pieces(chess.KNIGHT, color) | board.pieces(chess.BISHOP, color)
    return sum(chess.square_rank(square) == (0 if color == chess.WHITE else 7) for square in minors)


def passed_pawns(board: chess.Board, color: chess.Color) -> int:
    """With no enemy pawn before them on three files; of two on a file the foremost."""
    ahead = 1 if color == chess.WHITE else -1
    own = {(chess.square_file(pawn), chess.square_rank(pawn)) for pawn in board.pieces(chess.PAWN, color)}
    enemy = {
        (chess.square_file(pawn), chess.square_rank(pawn)) for pawn in board.pieces(chess.PAWN, not color)
    }
    return sum(
        not any((other - rank) * ahead > 0 and abs(at - file) <= 1 for at, other in enemy)
        and not any((other - rank) * ahead > 0 and at == file for at, other in own)
        for file, rank in own
    )


def isolated_pawns(board: chess.Board, color: chess.Color) -> int:
    """Without an own pawn on a neighbouring file."""
    files = [chess.square_file(pawn) for pawn in board.pieces(chess.PAWN, color)]
    return sum(file - 1 not in files and file + 1 not in files for file in files)


def pawns_before_king(board: chess.Board, color: chess.Color) -> int:
    """On its file and the next ones (at the edge the nearest three), up to two ranks ahead."""
    king = board.king(color)
    assert king is not None
    middle = min(max(chess.square_file(king), 1), 6)
    ahead = 1 if color == chess.WHITE else -1
    return sum(
        abs(chess.square_file(pawn) - middle) <= 1
        and 0 <= (chess.square_rank(pawn) - chess.square_rank(king)) * ahead <= 2
        for pawn in board.pieces(chess.PAWN, color)
    )


def rooks_with_a_view(board: chess.Board, color: chess.Color) -> int:
    """On files without own pawns."""
    files = {chess.square_file(pawn) for pawn in board.pieces(chess.PAWN, color)}
    return sum(chess.square_file(rook) not in files for rook in board.pieces(chess.ROOK, color))


def steps_to_promotion(board: chess.Board, color: chess.Color) -> int | None:
    """Of the passed pawn that is nearest to it."""
    found = [
        chess.square_rank(chess.square_mirror(pawn) if color else pawn)
        for pawn in board.pieces(chess.PAWN, color)
        if is_free(board, pawn)
    ]
    return min(found, default=None)


def is_free(board: chess.Board, pawn: chess.Square) -> bool:
    """No enemy pawn on the way or beside it."""
    color = board.color_at(pawn)
    ahead = 1 if color else -1
    return not any(
        (chess.square_rank(other) - chess.square_rank(pawn)) * ahead > 0
        and abs(chess.square_file(other) - chess.square_file(pawn)) <= 1
        for other in board.pieces(chess.PAWN, not color)
    )


def men(name: str) -> Callable[[chess.Board, chess.Color], int]:
    """How many of a kind."""
    return lambda board, color: len(board.pieces(TYPES[name], color))


def material(board: chess.Board, color: chess.Color) -> int:
    """In pawns."""
    return sum(value * len(board.pieces(TYPES[name], color)) for name, value in VALUE.items())


MEN = {rf"{name}s? of X": men(name) for name in VALUE}
COUNTS: dict[str, Callable[[chess.Board, chess.Color], int | None]] = {
    **MEN,
    r"squares? for X pieces to go to": squares,
    r"attacks? by X on the centre": attacks_on_centre,
    r"squares? of space for X": space,
    r"pieces? aimed at X king": aimed_at_king,
    r"minor pieces? of X at home": at_home,
    r"passed pawns? of X": passed_pawns,
    r"isolated pawns? of X": isolated_pawns,
    r"pawns? before X king": pawns_before_king,
    r"rooks? of X on files without own pawns": rooks_with_a_view,
    r"steps? to go for X foremost passed pawn": steps_to_promotion,
}
