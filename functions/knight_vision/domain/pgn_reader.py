"""Reads PGN into games. What cannot be analysed is refused with the place and the reason, never cut short."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

import chess

from knight_vision.domain.game import Game
from knight_vision.domain.pgn_comments import move_texts
from knight_vision.domain.pgn_encoding import decode_pgn
from knight_vision.domain.pgn_lexer import RESULTS, GameText, split_games
from knight_vision.domain.pgn_writer import pgn_text
from knight_vision.domain.start_position import start_board
from knight_vision.errors import InvalidGameError

__all__ = ["content_hash", "decode_pgn", "iter_games", "pgn_text", "read_game", "read_games"]

MOST_TAGS = 64
MOST_TAG_CHARACTERS = 255
MOST_WORD_CHARACTERS = 40
"""A move with its number and marks is much shorter."""
MOVE_NUMBER = re.compile(r"[0-9]{1,4}(?:\.+|…)")
CASTLING = re.compile(r"[Oo0]-[Oo0](-[Oo0])?")
NULL_MOVE = re.compile(r"(?:--|Z0|0000)[^A-Za-z0-9-]*")
MOVE_LIKE = re.compile(r"[NBRQKP]?[a-h]?[1-8]?[x-]?[a-h][1-8](?:=?[NBRQ])?|O-O(?:-O)?")
FIGURINES = str.maketrans("♔♕♖♗♘♚♛♜♝♞", "KQRBNKQRBN", "♙♟")
REMARKS = frozenset({"", "e.p", "ep", "N", "TN", "D", "RR"})
"""What chess magazines write between moves: en passant, novelty, diagram, editor's remark."""
BEST = re.compile(r"([A-Za-z0-9=-]{2,7})[+#]?\s+was\s+best\.")
"""How Lichess names the engine's choice; the variation that follows is the engine's line."""
MOST_BETTER_PLIES = 20
"""As many as Lichess writes."""


def read_games(
    text: str, *, max_plies: int, max_games: int, max_characters: int | None = None
) -> list[Game | InvalidGameError]:
    """The first `max_games` games of a PGN text in order; one that is refused leaves its error in its place.

    The main line counts, with what its comments say in commands. Empty when the text holds nothing at all.
    """
    games = iter_games(text, max_plies=max_plies, max_characters=max_characters)
    return list(islice(games, max_games))


def iter_games(
    text: str, *, max_plies: int, max_characters: int | None = None
) -> Iterator[Game | InvalidGameError]:
    """The games of a PGN text one by one, as `read_games`: none is held longer than the caller wants it."""
    for number, game_text in enumerate(split_games(text), start=1):
        yield read_or_refuse(game_text, number, max_plies, max_characters)


def read_game(text: str, *, max_plies: int) -> Game:
    """The one game of a PGN text. Raises InvalidGameError for none, for more, and for a refused one."""
    games = read_games(text, max_plies=max_plies, max_games=2)
    if not games:
        raise InvalidGameError("The text is empty: send a game in PGN, such as '1. e4 e5 2. Nf3 *'.")
    if len(games) > 1:
        raise InvalidGameError("The text holds more than one game.")
    if isinstance(games[0], InvalidGameError):
        raise games[0]
    return games[0]


def content_hash(game: Game) -> str:
    """The same 64 hexadecimal digits for the same start, moves, players, result and date; else others."""
    # A tag that is missing says no more and no less than one full of question marks.
    tags = [game.headers.get(name, "").strip("?.* ") for name in ("White", "Black", "Date", "Result")]
    content = [game.start_fen, game.is_chess960, game.moves, *tags]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def read_or_refuse(
    text: GameText, number: int, max_plies: int, max_characters: int | None = None
) -> Game | InvalidGameError:
    """The game, or why not."""
    headers = read_headers(text.tags)
    try:
        if max_characters is not None and text.characters > max_characters:
            raise InvalidGameError(f"it has {text.characters} characters, the most is {max_characters}")
        board = start_board(
            clean(text.tags.get("Variant", "")), clean(text.tags.get("FEN", chess.STARTING_FEN))
        )
        start_fen = board.fen()
        line = MainLine(board, max_plies)
        for item in text.items:
            line.take(item)
        if text.is_unclosed:
            raise InvalidGameError("a comment '{' or a variation '(' is never closed")
        if not line.moves:
            raise InvalidGameError("there are no moves, so there is nothing to analyse")
    except InvalidGameError as error:
        players = (
            f" ({headers['White']} - {headers['Black']})" if {"White", "Black"} <= headers.keys() else ""
        )
        return InvalidGameError(f"Game {number}{players}: {error}.")
    headers["Result"] = RESULTS.get(headers.get("Result", "*"), "*")
    if headers["Result"] == "*" and line.result:
        headers["Result"] = line.result
    return Game(
        moves=tuple(line.moves),
        start_fen=start_fen,
        is_chess960=board.chess960,
        headers=headers,
        texts=move_texts(line.comments, line.better),
    )


def read_headers(tags: dict[str, str]) -> dict[str, str]:
    """The tags without control characters and bounded in number and length, as every store takes them."""
    return {name: clean(value) for name, value in islice(tags.items(), MOST_TAGS) if len(name) <= 64}


def clean(value: str) -> str:
    """A tag's value on one line, without what databases and terminals choke on."""
    printable = (
        char if unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp") else " " for char in value
    )
    return " ".join("".join(printable).split())[:MOST_TAG_CHARACTERS].rstrip()


class MainLine:
    """Plays the words of a main line on a board, and keeps what the comments say of each move."""

    def __init__(self, board: chess.Board, max_plies: int) -> None:
        """Starts at `board`, which is played on."""
        self.board = board
        self.max_plies = max_plies
        self.moves: list[str] = []
        self.comments: list[list[str]] = [[]]
        """Those before the first move, then those after each."""
        self.better: dict[int, tuple[str, ...]] = {}
        """By ply: the first variation in place of the move, empty unless a comment calls it the best."""
        self.result: str | None = None

    def take(self, item: str) -> None:
        """The next word or comment. Raises InvalidGameError naming the place when it makes no sense."""
        if item.startswith("{"):
            self.comments[-1].append(item)
        elif item.startswith("("):
            self.take_variation(item[1:].split())
        elif item in RESULTS:
            self.result = RESULTS[item]
        else:
            self.take_word(item)

    def take_variation(self, words: list[str]) -> None:
        """Keep the first variation if it begins with what a comment called the best in place of the move."""
        ply = len(self.moves)
        if not ply or ply in self.better:
            return
        self.better[ply] = ()
        named = next((match[1] for match in map(BEST.search, self.comments[-1]) if match), None)
        if named is None:
            return
        board = self.board.copy(stack=1)
        played = board.pop()
        line: list[chess.Move] = []
        for word in words[: 2 * MOST_BETTER_PLIES]:  # each move may have its number before it
            san = as_san(without_number(word))
            if san in REMARKS or san.isdigit():
                continue
            try:
                move = board.parse_san(san)
            except ValueError:
                break
            if not move or (not line and (move == played or san != named)):
                break
            line.append(move)
            board.push(move)
        self.better[ply] = tuple(move.uci() for move in line[:MOST_BETTER_PLIES])

    def take_word(self, item: str) -> None:
        """A word that is not a result: a move with or without its number, or a remark."""
        if len(item) > MOST_WORD_CHARACTERS and any(map(str.isalnum, item)):
            raise InvalidGameError(f"{self.place}: '{shortened(item)}' is not a move")
        word = without_number(item)
        if NULL_MOVE.fullmatch(word) or "@" in word:
            raise InvalidGameError(f"{self.place}: '{shortened(item)}' is a null move or a drop, not chess")
        if word.isdigit() and len(word) <= 4:
            return
        san = as_san(word)
        if san in REMARKS:
            return
        if self.result is not None:
            if MOVE_LIKE.fullmatch(san):
                raise InvalidGameError(f"the move '{shortened(item)}' comes after the result {self.result}")
            return  # "1-0 White resigns"
        if len(self.moves) == self.max_plies:
            raise InvalidGameError(
                f"it is longer than {self.max_plies} plies (half-moves), the most we analyse"
            )
        move = self.parse(san, item)
        self.moves.append(move.uci())
        self.comments.append([])
        self.board.push(move)

    def parse(self, san: str, item: str) -> chess.Move:
        """The legal move that is meant."""
        try:
            return self.board.parse_san(san)
        except chess.AmbiguousMoveError:
            problem = "is a move that more than one piece could make"
        except chess.IllegalMoveError:
            problem = "is not a legal move"
        except chess.InvalidMoveError:
            problem = "is not a move"
            if not self.moves:
                problem += "; PGN looks like '1. e4 e5 2. Nf3 *'"
        raise InvalidGameError(f"{self.place}: '{shortened(item)}' {problem}")

    @property
    def place(self) -> str:
        """The move that is due, for messages."""
        return f"move {self.board.fullmove_number}, {'White' if self.board.turn else 'Black'}"


def without_number(word: str) -> str:
    """A word without the move numbers before it: `e4` of `1.e4`."""
    while number := MOVE_NUMBER.match(word):
        word = word[number.end() :]
    return word


def as_san(word: str) -> str:
    """A move as python-chess reads it: without marks, castling with letters, pieces with letters.

    >>> [as_san(word) for word in ("e4!?", "0-0-0+", "♘f3", "Pe4", "exd6e.p.", "+-")]
    ['e4', 'O-O-O', 'Nf3', 'e4', 'exd6', '']
    """
    san = re.sub(r"[^A-Za-z0-9]+\Z", "", word.translate(FIGURINES).lstrip(".…"))
    if castling := CASTLING.fullmatch(san):
        return "O-O-O" if castling[1] else "O-O"
    if len(san) > 4 and san.endswith(("e.p", "ep")):
        san = san.removesuffix("e.p").removesuffix("ep")
    return san[1:] if san.startswith("P") and len(san) > 2 else san


def shortened(word: str) -> str:
    """A word of the text, fit for a message."""
    return clean(word if len(word) <= 24 else f"{word[:24]}…")
