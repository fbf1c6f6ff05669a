"""Writes PGN text: tags, wrapped move text, and the plain PGN of a game as it is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import chess

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game, MoveText
from knight_vision.domain.start_position import is_chess960_name

__all__ = [
    "comment_words",
    "eval_command",
    "move_words",
    "pgn_document",
    "pgn_text",
    "time_commands",
    "variation_words",
]

ROSTER = {
    "Event": "?",
    "Site": "?",
    "Date": "????.??.??",
    "Round": "?",
    "White": "?",
    "Black": "?",
    "Result": "*",
}
"""The seven tags that every PGN game begins with, and what they are when unknown."""
WIDTH = 80


def pgn_text(game: Game) -> str:
    """The game as normal PGN with its tags, moves and what was said of them; reads back as the same game."""
    words: list[str] = []
    board = chess.Board(game.start_fen, chess960=game.is_chess960)
    for ply, move in enumerate(game.moves, start=1):
        words += move_words(game, ply, numbered=ply == 1 or words[-1] in ("}", ")"))
        text = game.text_of(ply)
        better = sans_of(board, text.better) if text.better else []
        words += comment_words(commands(text) + ([better[0], "was", "best."] if better else []))
        words += variation_words(game, ply, better)
        board.push(chess.Move.from_uci(move))
    return pgn_document(game, game.headers, words)


def sans_of(board: chess.Board, line: Iterable[str]) -> list[str]:
    """A line in standard algebraic notation."""
    after = board.copy(stack=False)
    return [after.san_and_push(after.parse_uci(uci)) for uci in line]


def pgn_document(game: Game, headers: Mapping[str, str], words: Iterable[str]) -> str:
    """A whole PGN game of tags and move text; the tags of a special start are added, the result ends it."""
    tags = {**ROSTER, **headers}
    if game.start_fen != chess.STARTING_FEN or game.is_chess960:
        tags |= {"SetUp": "1", "FEN": game.start_fen}
    if game.is_chess960 and not is_chess960_name(tags.get("Variant", "")):
        tags["Variant"] = "Chess960"
    lines = [f'[{name} "{escaped(value)}"]' for name, value in tags.items()]
    return "\n".join([*lines, "", *wrapped([*words, tags["Result"]]), ""])


def escaped(value: str) -> str:
    """A tag's value as it stands between quotes, on one line."""
    return " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"')


def wrapped(words: Iterable[str]) -> Iterator[str]:
    """Lines of at most 80 characters; no word is broken."""
    line = ""
    for word in words:
        if line and len(line) + 1 + len(word) > WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def move_words(game: Game, ply: int, *, numbered: bool) -> list[str]:
    """The move to position `ply` with its number; Black's has one only when `numbered`."""
    number, is_white = game.move_number(ply)
    san = game.sans[ply - 1]
    if is_white:
        return [f"{number}.", san]
    return [f"{number}...", san] if numbered else [san]


def variation_words(game: Game, ply: int, sans: Sequence[str]) -> list[str]:
    """A variation in place of the move at `ply`; nothing when it is empty."""
    words: list[str] = []
    for index, san in enumerate(sans):
        number, is_white = game.move_number(ply + index)
        if is_white or index == 0:
            words.append(f"{number}." if is_white else f"{number}...")
        words.append(san)
    return ["(", *words, ")"] if words else []


def comment_words(words: list[str]) -> list[str]:
    """A comment of these words; nothing when there are none."""
    return ["{", *words, "}"] if words else []


def commands(text: MoveText) -> list[str]:
    """The comment commands for what a PGN said about a move."""
    return ([eval_command(text.evaluation)] if text.evaluation else []) + time_commands(text)


def eval_command(evaluation: Evaluation) -> str:
    """`[%eval]` from White's point of view.

    >>> eval_command(Evaluation(white_cp=-7, depth=20)), eval_command(Evaluation(white_mate=-4))
    ('[%eval -0.07,20]', '[%eval #-4]')
    """
    depth = "" if evaluation.depth is None else f",{evaluation.depth}"
    if evaluation.white_mate is not None:
        return f"[%eval #{evaluation.white_mate}{depth}]"
    return f"[%eval {(evaluation.white_cp or 0) / 100:.2f}{depth}]"


def time_commands(text: MoveText) -> list[str]:
    """`[%clk]` and `[%emt]`, whichever are known.

    >>> time_commands(MoveText(clock_s=3723.5, elapsed_s=60))
    ['[%clk 1:02:03.5]', '[%emt 0:01:00]']
    """
    times = {"clk": text.clock_s, "emt": text.elapsed_s}
    return [f"[%{name} {hours(seconds)}]" for name, seconds in times.items() if seconds is not None]


def hours(seconds: float) -> str:
    """Seconds as `h:mm:ss`, with at most three decimals."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    text = f"{milliseconds / 1000:06.3f}".rstrip("0").removesuffix(".")
    return f"{minutes // 60}:{minutes % 60:02d}:{text}"
