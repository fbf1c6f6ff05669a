"""Reads explanations as a sceptical reader would: every move, mate, piece and material claim is looked up.

Shares no code with what writes them, beyond python-chess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import chess

from knight_vision.domain.evaluation import Evaluation
from tests.support.aim_checker import aims
from tests.support.cited_lines import (
    PIECES,
    RUN,
    TYPES,
    VALUE,
    Played,
    at,
    landing,
    names,
    place,
    play,
    struck,
)
from tests.support.number_checker import numbers
from tests.support.threat_checker import manners, preventions, threats

__all__ = ["Case", "balance", "complaints"]

COUNT = {"a": 1, "two": 2, "three": 3, "four": 4}
MATERIAL = re.compile(
    r"(?P<verb>loses|wins|win back|win|wins back) "
    r"(?P<won>(?:the exchange|an? \w+|two \w+|three \w+)(?:(?:, | and )(?:an? \w+|two \w+|three \w+))*)"
    r"(?: for (?P<lost>(?:an? \w+|two \w+|three \w+)(?:(?:, | and )(?:an? \w+|two \w+|three \w+))*))?"
)
LASTING_PLIES = 6
LEVELS = {"slight": 1, "slightly": 1, "clear": 2, "clearly": 2, "winning": 3}


@dataclass(frozen=True)
class Case:
    """One explained move with everything that may be cited."""

    text: str
    ply: int
    """Number of the position after the move."""
    start: chess.Board
    """The position at the start of the game."""
    moves: tuple[str, ...]
    """The whole game."""
    before: Evaluation
    after: Evaluation


def complaints(case: Case) -> list[str]:
    """What is wrong with an explanation; empty when all of it holds."""
    board = case.start.copy()
    for move in case.moves[: case.ply - 1]:
        board.push_uci(move)
    played = play(board, [case.moves[case.ply - 1], *case.after.line])
    better = play(board, case.before.line)
    found = list(length(case.text))
    subject = RUN.match(case.text)
    if subject is None or not subject[0].endswith(played.sans[0]):
        found.append("does not begin with the move")
    for sentence in re.split(r"(?<=[a-z#+1-8OQRBN…])\. (?=[A-Z0-9])", case.text.rstrip(".")):
        runs = [run[0] for run in RUN.finditer(sentence)]
        found += [f"{run} is in neither line" for run in runs if not is_cited(run, case, played, better)]
        found += mates(sentence, case, played, better)
        found += material(sentence, played, better)
        found += takings(sentence, played)
        found += standings(sentence, case, board.turn)
        found += only_moves(sentence, case, board.turn)
        found += promotions(sentence, played, better)
        found += arrivals(sentence, played)
        for name, square in names(sentence):
            boards = [*played.boards, *better.boards]
            if not any(at(one, square) == TYPES[name] for one in boards):
                found.append(f"no {name} on {square}")
        if not found:  # the moves named must be in the lines
            found += attacks(sentence, played, better)
            found += preventions(sentence, played, better)
            found += manners(sentence, played, better)
            found += aims(sentence, played, better)
            found += numbers(sentence, played, better)
    return found


def length(text: str) -> Iterator[str]:
    """Form: one or two sentences of bearable length."""
    if len(text) > (250 if " instead of " in text and ", with " in text else 220):
        yield f"{len(text)} characters"
    if "!" in text or "  " in text or not text.endswith("."):
        yield "bad form"


def is_cited(run: str, case: Case, played: Played, better: Played) -> bool:
    """True when the moves stand in one of the lines at the numbers given, or are the opponent's last move."""
    return any(place(line, run) for line in (played, better)) or is_previous(case, run)


def is_previous(case: Case, run: str) -> bool:
    """True when the run is the opponent's move just played."""
    board = case.start.copy()
    for move in case.moves[: case.ply - 2]:
        board.push_uci(move)
    line = play(board, case.moves[case.ply - 2 : case.ply - 1])
    return case.ply > 1 and place(line, run) == (0, 0)


def line_of(sentence: str, played: Played, better: Played) -> Played:
    """The line that a sentence is about: what it misses is in the engine's, the rest in the one played."""
    return better if re.search(r"misses|necessary|would have", sentence) else played


def mates(sentence: str, case: Case, played: Played, better: Played) -> Iterator[str]:
    """Mates end in mate, in so many moves; where no line is known the score says so."""
    claim = re.search(r"(allows|misses|forces) .*?mate(?: in (\w+))?", sentence)
    if claim is None:
        return
    line = line_of(sentence, played, better)
    moves = {None: None, "one": 1}.get(claim[2], claim[2])
    if claim[1] != "forces" and len(line.sans) == (0 if line is better else 1):
        mate = (case.before if line is better else case.after).white_mate
        mater = line.boards[-1].turn
        if mate is None or (mate > 0) != mater or moves is None or abs(mate) != int(moves):
            yield "the score shows no such mate"
        return
    if moves is None and ("forced" in sentence or sentence.endswith("forces mate")):
        return
    if not line.boards[-1].is_checkmate():
        yield "no mate in the line"
        return
    plies = len(line.sans) - (0 if line is better else 1)
    if moves is not None and (plies + 1) // 2 != int(moves):
        yield f"mate in {(plies + 1) // 2}, not {moves}"
    if moves is None and claim[1] != "forces" and plies != 1:
        yield "mate takes longer than a move"


def worth(words: str) -> int:
    """The value of `a knight and two pawns`."""
    total = 0
    for part in re.split(r", | and ", words):
        if part == "the exchange":
            total += 2
        else:
            count, name = part.split()
            total += COUNT[count.replace("an", "a")] * VALUE[name.removesuffix("s")]
    return total


def balance(board: chess.Board, color: chess.Color) -> int:
    """Material of a side less the other's."""
    return sum(
        VALUE.get(chess.piece_name(piece.piece_type), 0) * (1 if piece.color == color else -1)
        for piece in board.piece_map().values()
    )


def material(sentence: str, played: Played, better: Played) -> Iterator[str]:
    """Who wins something still has it six moves on, or at the end of a line that breaks off no exchange."""
    claim = MATERIAL.search(sentence)
    line = line_of(sentence, played, better)
    mover = line.boards[0].turn
    if claim is not None:
        value = worth(claim["won"]) - (worth(claim["lost"]) if claim["lost"] else 0)
        wins = mover if line is better or sentence_is_praise(sentence) else not mover
    elif wins_it := re.search(
        rf"the ({PIECES})(?: on [a-h][1-8])?.*wins it(?: and (.+?))?(?: for (.+))?$", sentence
    ):
        value = VALUE[wins_it[1]] + (worth(wins_it[2]) if wins_it[2] else 0)
        value -= worth(wins_it[3]) if wins_it[3] else 0
        wins = not mover
    elif simply := re.search(rf"misses {RUN.pattern}, which (?:simply )?wins the ({PIECES})", sentence):
        value, wins = VALUE[simply[1]], mover
    else:
        return
    # What a move allows is told from the reply on: what it took itself has been seen before.
    start = balance(line.boards[1 if sentence_is_about_reply(sentence) else 0], wins)
    cited = [found[1] for run in RUN.finditer(sentence) if (found := place(line, run[0]))]
    later = max(cited, default=0) + 1 + LASTING_PLIES
    while later < len(line.sans) and any("x" in san for san in line.sans[later : later + 2]):
        later += 1
    if later < len(line.sans):
        end = balance(line.boards[later], wins) - start
    else:
        end = max(balance(board, wins) for board in line.boards[-1 - broken_off(line) :]) - start
    if end < value:
        yield f"{value} claimed, {end} at the end"
    last = max(cited, default=0)
    if later >= len(line.sans) and "x" in line.sans[last]:
        taker = landing(line.boards[last], line.boards[last + 1])
        if can_be_retaken(line.boards[-1], taker, wins):
            yield "the line breaks off before it is taken back"


def sentence_is_about_reply(sentence: str) -> bool:
    """True of what the opponent's line does, told of its own moves."""
    return bool(re.search(rf"allows {RUN.pattern}, which .* and wins ", sentence))


def takings(sentence: str, played: Played) -> Iterator[str]:
    """A piece that is taken, without amounts: it is, for more than the move took, and not for the same."""
    found = re.search(rf"the ({PIECES})(?: on [a-h][1-8])?[^:]*?:? ({RUN.pattern}) takes it", sentence)
    gives = re.search(rf"gives an? ({PIECES}) for an? ({PIECES}): ({RUN.pattern})", sentence)
    allows = re.search(rf"allows ({RUN.pattern}), which takes the ({PIECES})", sentence)
    if found:
        name, run = found[1], found[2]
    elif gives:
        name, run = gives[1], gives[3]
        if lost_piece(played, 0) != gives[2]:
            yield f"{gives[2]} is not what the move took"
    elif allows:
        run, name = allows[1], allows[2]
    else:
        return
    if place(played, run) != (1, 1) or lost_piece(played, 1) != name:
        yield f"{run} does not take the {name}"
        return
    last = 2
    while last < len(played.sans) and "x" in played.sans[last]:
        last += 1
    taker = played.boards[1].turn
    if balance(played.boards[last], taker) - balance(played.boards[0], taker) < 2:
        yield f"the {name} is won back at once"


def lost_piece(line: Played, index: int) -> str | None:
    """The piece that a move of a line takes; None for nothing."""
    before, after = line.boards[index : index + 2]
    for piece in TYPES.values():
        if len(after.pieces(piece, after.turn)) < len(before.pieces(piece, after.turn)):
            return chess.piece_name(piece)
    return None


def can_be_retaken(board: chess.Board, square: chess.Square, color: chess.Color) -> bool:
    """True when a piece of this side stands there and a cheaper one attacks it, or nothing defends it."""
    if board.color_at(square) != color:
        return False
    attackers = board.attackers(not color, square)
    is_cheaper = any(
        (board.piece_type_at(one) or 0) < (board.piece_type_at(square) or 0) for one in attackers
    )
    return is_cheaper or bool(attackers and not board.attackers(color, square))


def sentence_is_praise(sentence: str) -> bool:
    """Sentences about what the mover wins begin with `It`."""
    return sentence.startswith("It ")


def broken_off(line: Played) -> bool:
    """True when the last move of the line takes something and could be answered by taking back."""
    before, after = line.boards[-2], line.boards[-1]
    square = next(
        square for square in chess.SQUARES
        if after.piece_at(square) and after.color_at(square) != after.turn
        and after.piece_at(square) != before.piece_at(square)
    )  # fmt: skip
    return before.piece_at(square) is not None and bool(after.attackers(after.turn, square))


def level(evaluation: Evaluation, color: chess.Color) -> int:
    """How a side stands, -3 to 3."""
    sign = 1 if color else -1
    if evaluation.white_mate is not None:
        return 3 if sign * evaluation.white_mate > 0 else -3
    cp = sign * (evaluation.white_cp or 0)
    size = (abs(cp) >= 50) + (abs(cp) >= 150) + (abs(cp) >= 300)
    return size if cp > 0 else -size


STANDINGS = (
    (r"would have kept (White|Black) (slightly|clearly)?\s?(?:better|winning)", "kept"),
    (r"would have left (White|Black) only (slightly|clearly) better", "left"),
    (r"hands (White|Black) a (\w+) advantage", "handed"),
    (r"[Nn]ow (White|Black) is (?:(\w+) better|winning)", "now"),
    (r"lets (White|Black)'s (\w+) advantage (?:grow|go\b)", "was"),
    (r"(White|Black) was (?:(\w+) better|winning)", "was"),
)
"""Words for who stands better, and at which time: before the move (or after the better one), or after it."""


def standings(sentence: str, case: Case, mover: chess.Color) -> Iterator[str]:
    """Words for who stands better agree with the scores."""
    names = {"White": chess.WHITE, "Black": chess.BLACK}
    for pattern, when in STANDINGS:
        for name, size in re.findall(pattern, sentence):
            evaluation = case.after if when in ("handed", "now") else case.before
            if level(evaluation, names[name]) != LEVELS[size or "winning"]:
                yield f"{when}: {name} {size}"
    for scores in re.findall(r"\(from (.+?) to (.+?)\)", sentence):
        if scores != (pawns(case.before), pawns(case.after)):
            yield f"scores {scores}"
    if "would have kept the balance" in sentence and level(case.before, mover) != 0:
        yield "there was no balance to keep"
    if "any other move loses" in sentence:
        second = case.before.second
        if second is None or level(second, mover) != -3:
            yield "another move does not lose"


def only_moves(sentence: str, case: Case, mover: chess.Color) -> Iterator[str]:
    """What an only move keeps is so by both scores around it, what others leave by the second score."""
    sides = {"White": chess.WHITE, "Black": chess.BLACK}
    now = min(level(case.before, mover), level(case.after, mover))
    size = r"(?:(slightly|clearly) better|winning)"
    for name, word in re.findall(rf"only move that keeps (White|Black) {size}", sentence):
        if sides[name] != mover or now != LEVELS[word or "winning"]:
            yield f"keeps {name} {word}"
    if "only move that keeps the balance" in sentence and now != 0:
        yield "there is no balance"
    second = case.before.second
    for name, word in re.findall(rf"any other leaves (White|Black) (?:at least )?{size}", sentence):
        if second is None or level(second, sides[name]) != LEVELS[word or "winning"]:
            yield f"another move leaves {name} otherwise"
    if "any other leaves the game about equal" in sentence and (second is None or level(second, mover) != 0):
        yield "another move leaves the game unequal"


def promotions(sentence: str, played: Played, better: Played) -> Iterator[str]:
    """A pawn of the file named promotes in the one line, as none does in the other, and only that side's."""
    for verb, file in re.findall(r"(lets|misses the chance to promote) the ([a-h])-pawn", sentence):
        line, other = (played, better) if verb == "lets" else (better, played)
        winner = line.boards[0].turn != (verb == "lets")
        if not any(color == winner and where[0] == file for color, where in promoting(line)):
            yield f"no {file}-pawn promotes"
        if any(color != winner for color, _where in promoting(line)):
            yield "the other side promotes as well"
        if any(color == winner for color, _where in promoting(other)):
            yield "a pawn promotes in the other line too"


def promoting(line: Played) -> list[tuple[chess.Color, str]]:
    """Who promotes in a line, and with which move."""
    return [(board.turn, san) for board, san in zip(line.boards, line.sans, strict=False) if "=" in san]


ARRIVAL = re.compile(r"(?:gives (White|Black) an outpost|lets (White|Black)'s (rook) in) on ([a-h][1-8])")


def arrivals(sentence: str, played: Played) -> Iterator[str]:
    """A piece that is let in comes to the square, on which none of its side has stood."""
    for one, other, rook, name in ARRIVAL.findall(sentence):
        color, square = (one or other) == "White", chess.parse_square(name)
        kinds = {chess.ROOK} if rook else {chess.KNIGHT, chess.BISHOP}
        there = [board.color_at(square) == color for board in played.boards]
        if there[0] or not any(
            stands and board.piece_type_at(square) in kinds
            for stands, board in zip(there, played.boards, strict=True)
        ):
            yield f"nothing comes to {name}"


def pawns(evaluation: Evaluation) -> str:
    """A score as it is written."""
    if evaluation.white_mate is not None:
        return f"mate in {abs(evaluation.white_mate)}"
    cp = evaluation.white_cp or 0
    return "0.0" if abs(cp) < 5 else f"{cp / 100:+.1f}"


def attacks(sentence: str, played: Played, better: Played) -> Iterator[str]:
    """What is said to be attacked, forked, hanging or unguarded is so on the board after the move named."""
    yield from threats(sentence, played, better)
    for run, targets in re.findall(rf"({RUN.pattern}), which forks (.*?) and wins", sentence):
        after, attacked = struck(run, played, better)
        kinds = [chess.piece_name(after.piece_type_at(square) or 1) for square in attacked & enemies(after)]
        for name in re.findall(PIECES, targets):
            if name not in kinds:
                yield f"{run} does not fork the {name}"
    before, after = played.boards[:2]
    for name, square in re.findall(rf"leaves the ({PIECES}) on ([a-h][1-8]) hanging", sentence):
        if at(after, square) != TYPES[name] or guards(after, square, before.turn):
            yield f"{square} does not hang"
    for name, square in re.findall(rf"leaves the ({PIECES}) on ([a-h][1-8]) en prise", sentence):
        attackers = after.attackers(after.turn, chess.parse_square(square))
        if not any(
            0 < VALUE.get(chess.piece_name(after.piece_type_at(one) or 1), 0) < VALUE[name]
            for one in attackers
        ):
            yield f"{square} is attacked by nothing cheaper"
    for name, square in re.findall(rf"no longer guards the ({PIECES}) on ([a-h][1-8])", sentence):
        is_less = guards(after, square, before.turn) < guards(before, square, before.turn)
        if at(after, square) != TYPES[name] or not is_less:
            yield f"{square} is guarded as before"


def guards(board: chess.Board, square: str, color: chess.Color) -> int:
    """How many pieces of a side protect a square."""
    return len(board.attackers(color, chess.parse_square(square)))


def enemies(board: chess.Board) -> chess.SquareSet:
    """The pieces of the side to move: enemies of the piece that has just moved."""
    return chess.SquareSet(board.occupied_co[board.turn])
