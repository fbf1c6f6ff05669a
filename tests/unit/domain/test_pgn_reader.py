"""Reading PGN: what is accepted as it was meant, and what is refused with the place and the reason."""

import io

import chess
import chess.pgn
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import Game, MoveText
from knight_vision.domain.pgn_reader import content_hash, pgn_text, read_game, read_games
from knight_vision.errors import InvalidGameError
from tests.support.builders import EXAMPLES, a_game, example

CHESS960_FEN = "1rk3r1/pppppppp/8/8/8/8/PPPPPPPP/1RK3R1 w KQkq - 0 1"


def read(text: str, max_plies: int = 1200) -> Game:
    return read_game(text, max_plies=max_plies)


def sans(text: str) -> str:
    return " ".join(read(text).sans)


def refusal(text: str, max_plies: int = 1200) -> str:
    with pytest.raises(InvalidGameError) as caught:
        read(text, max_plies)
    return str(caught.value)


# Examples


def test_every_example_reads_to_its_end() -> None:
    paths = sorted(EXAMPLES.glob("*.pgn"))
    assert len(paths) >= 6
    for path in paths:
        for game in read_games(path.read_text(encoding="utf-8"), max_plies=200, max_games=10):
            assert isinstance(game, Game)
            final = game.boards[-1]
            assert game.headers["Result"] in ("1-0", "0-1")
            if final.is_checkmate():
                assert game.headers["Result"] == final.result()


def test_examples_of_every_length() -> None:
    assert read(example("morphy-opera-1858")).ply_count == 33
    assert read(example("byrne-fischer-1956")).ply_count == 82
    assert read(example("carlsen-anand-2013")).ply_count > 100
    assert len(read_games(example("several-games"), max_plies=200, max_games=10)) == 3


def test_the_same_moves_as_python_chess_reads() -> None:
    for path in EXAMPLES.glob("*.pgn"):
        text = path.read_text(encoding="utf-8")
        handle = io.StringIO(text)
        for game in read_games(text, max_plies=200, max_games=10):
            reference = chess.pgn.read_game(handle)
            assert reference is not None
            assert isinstance(game, Game)
            assert game.moves == tuple(move.uci() for move in reference.mainline_moves())
            assert game.headers == dict(reference.headers)


# What is accepted


@pytest.mark.parametrize(
    "text",
    [
        "1. e4 e5 2. Nf3 Nc6 *",
        "1.e4 e5 2.Nf3 Nc6",
        "1 e4 e5 2 Nf3 Nc6 1/2-1/2",
        "e4 e5 Nf3 Nc6",
        "\ufeff1. e4 e5 2. Nf3 Nc6 *",
        "1. e4 e5\r\n2. Nf3 Nc6 *\r\n",
        "1. e4 e5\r2. Nf3 Nc6 *\r",
        '[White "A"]\r\r\n[Black "B"]\r\r\n\r\r\n1. e4 e5\r\r\n2. Nf3 Nc6 *\r\r\n',
        "1. e4 e5\n\n2. Nf3 Nc6 *",
        '[White "A"]\n\n\n\n1. e4 e5 2. Nf3 Nc6 *\n\n\n',
        "% an escape\n1. e4 {a comment (with 1. d4 {brackets) and ; all} e5 2. Nf3 ; the rest 3. Bb5\nNc6 *",
        "1. e4 (1. d4 d5 (1... Nf6 2. c4) 2. c4 {and $1 so on}) 1... e5 2. Nf3 $1 $14 Nc6 $10 *",
        "1. e4! e5?! 2. Nf3!! Nc6?? *",
        "1. e2-e4 e7-e5 2. Ng1-f3 Nb8-c6 *",
        "1. e2e4 e7e5 2. g1f3 b8c6 *",
        "1. Pe4 e5 2. ♘f3 ♞c6 ½\u2013½",
        "1. e4 e5 2. Nf3 Nc6 1-0 White wins on time",
        "1. e4 = e5 +- 2. Nf3 N Nc6 -/+ *",
        "1. e4 1... e5 2. Nf3 2... Nc6",
        '[Event "broken]\n[White "A"]\n1. e4 e5 2. Nf3 Nc6 *',
        '[Event "a "quoted" name"]\n\n1. e4 e5 2. Nf3 Nc6 *',
        '[Variant "Standard"]\n\n1. e4 e5 2. Nf3 Nc6 *',
        "1. e4 e5 2. Nf3 Nc6) *",
        "1. e4{[%clk 0:01:00]}e5{[%clk 0:01:00]}2. Nf3{}Nc6{}*",
    ],
)
def test_a_game_is_read_as_it_was_meant(text: str) -> None:
    assert sans(text) == "e4 e5 Nf3 Nc6"


def test_castling_and_promotion_in_every_spelling() -> None:
    start = '[FEN "4k3/P7/8/8/8/8/8/4K2R w K - 0 1"]\n'
    for castling in ("O-O", "0-0", "o-o", "O\u2013O"):
        assert sans(f"{start}1. {castling}+ Kd7") == "O-O Kd7"
    for promotion in ("a8=Q", "a8Q", "a8=Q+", "a8Q+!"):
        assert sans(f"{start}1. {promotion}") == "a8=Q+"


def test_the_last_move_may_mate_and_en_passant_may_say_so() -> None:
    assert sans("1. f3 e5 2. g4 Qh4# 0-1") == "f3 e5 g4 Qh4#"
    assert sans("1. e4 a6 2. e5 d5 3. exd6 e.p. *") == "e4 a6 e5 d5 exd6"
    assert sans("1. e4 a6 2. e5 d5 3. exd6e.p. *") == "e4 a6 e5 d5 exd6"


@pytest.mark.parametrize(
    "text",
    [
        "1. f3 { Inaccuracy. e4 was best. } { [%eval -0.8] } (1. e4 e5 2. Nf3) 1... e5 *",
        "1. f3 { (0.15 → -0.80) Inaccuracy. e4\nwas best. } ( 1.e4! {good} e5 $1 (1... c5) 2.Nf3 ) 1... e5 *",
        "1. f3 { e4 was best. } (1. e4 e5 2. Nf3) (1. e4 c5) 1... e5 *",
        "1. f3 { e4 was best. } (1. e4 e5 2. Nf3 Qxh9 3. Bb5) 1... e5 *",
        "1. f3 { e4 was best. } (1. e4 e5 2. Nf3 Z0 3. Bb5) 1... e5 *",
    ],
)
def test_a_line_that_a_comment_calls_the_best_is_kept(text: str) -> None:
    assert [one.better for one in read(text).texts] == [("e2e4", "e7e5", "g1f3"), ()]


@pytest.mark.parametrize(
    "text",
    [
        "1. f3 (1. e4 e5) 1... e5 *",
        "1. f3 { e4 was best. } 1... e5 (1... c5) *",
        "1. f3 { e4 was best. } (1. d4 d5) (1. e4 e5) 1... e5 *",
        "1. f3 { f3 was best. } (1. f3 d5) 1... e5 *",
        "1. f3 (1. e4 e5) { e4 was best. } 1... e5 *",
        "1. f3 { e4 was best. } () (Z0) ({nothing}) (1.) 1... e5 *",
        "1. f3 { e9 was best. } (1. e9) 1... e5 *",
        "{ e4 was best. } (1. e4) 1. f3 e5 *",
    ],
)
def test_other_variations_are_nobodys_best(text: str) -> None:
    assert read(text).texts == ()


def test_at_most_twenty_plies_of_a_better_line_are_kept() -> None:
    shuffle = "Nf3 Nf6 Ng1 Ng8 " * 10
    (text,) = read(f"1. e4 {{ Nf3 was best. }} ( {shuffle} ) *").texts
    assert text.better == ("g1f3", "g8f6", "f3g1", "f6g8") * 5


def test_a_set_up_position() -> None:
    game = read('[SetUp "1"]\n[FEN "4k3/8/8/8/8/8/4P3/4K3 b - - 0 17"]\n\n17... Kd7 18. e4 *')
    assert game.start_fen == "4k3/8/8/8/8/8/4P3/4K3 b - - 0 17"
    assert not game.white_starts
    assert game.moves == ("e8d7", "e2e4")
    assert not game.is_chess960


@pytest.mark.parametrize("variant", ['[Variant "Chess960"]\n', '[Variant "fischerandom"]\n', ""])
def test_chess960_castling_is_king_takes_rook(variant: str) -> None:
    game = read(f'{variant}[FEN "{CHESS960_FEN}"]\n\n1. O-O O-O-O *')
    assert game.is_chess960
    assert game.moves == ("c1g1", "c8b8")


def test_from_position_is_chess() -> None:
    assert not read(
        '[Variant "From Position"]\n[FEN "4k3/8/8/8/8/8/4P3/4K3 w - - 0 1"]\n\n1. e4 *'
    ).is_chess960


def test_headers_are_clean_and_bounded() -> None:
    tags = "".join(f'[Tag{index} "x"]\n' for index in range(100))
    game = read(
        f'[White "  Ré\x00ti\x1b[31m \u2028 R. "]\n[Black "{"b" * 5000}"]\n[Event "\ud800"]\n{tags}\n1. e4 *'
    )
    assert game.headers["White"] == "Ré ti [31m R."
    assert game.headers["Black"] == "b" * 255
    assert game.headers["Event"] == ""
    assert len(game.headers) <= 65
    assert all(value.isprintable() for value in game.headers.values())


@pytest.mark.parametrize(
    ("tag", "ending", "result"),
    [
        ("1-0", "0-1", "1-0"),
        ("*", "0-1", "0-1"),
        ("1/2", "", "1/2-1/2"),
        ("White", "1-0", "1-0"),
        ("?", "", "*"),
    ],
)
def test_result_from_the_tag_or_the_moves(tag: str, ending: str, result: str) -> None:
    assert read(f'[Result "{tag}"]\n\n1. e4 {ending}').headers["Result"] == result
    assert read("1. e4").headers["Result"] == "*"


# Several games


@pytest.mark.parametrize(
    "text",
    [
        '[White "A"]\n\n1. e4 e5 *\n\n[White "B"]\n\n1. d4 d5 *\n',
        '[White "A"]\n1. e4 e5 *\n[White "B"]\n1. d4 d5 *',
        '[White "A"]\n\n1. e4 e5\n\n[White "B"]\n\n1. d4 d5',
        "1. e4 e5 *\n\n1. d4 d5 *",
        "1. e4 e5\n\n1. d4 d5",
        "e4 e5 1-0\n\nd4 d5 0-1",
        "1. e4 e5 *\n\n{the second} 1. d4 d5 *",
    ],
)
def test_games_are_told_apart(text: str) -> None:
    games = read_games(text, max_plies=10, max_games=10)
    assert [game.sans for game in games if isinstance(game, Game)] == [("e4", "e5"), ("d4", "d5")]


def test_a_bad_game_does_not_touch_its_neighbours() -> None:
    bodies = ["1. e4 e5 *", "1. e4 e4 *", "1. d4 (1. c4 *", "1. c4 *"]
    text = "\n\n".join(f'[White "{name}"]\n\n{body}' for name, body in zip("ABCD", bodies, strict=True))
    first, second, third, fourth = read_games(text, max_plies=10, max_games=10)
    assert isinstance(first, Game)
    assert str(second) == "Game 2: move 1, Black: 'e4' is not a legal move."
    assert "Game 3: a comment '{' or a variation '(' is never closed" in str(third)
    assert isinstance(fourth, Game)
    assert fourth.headers["White"] == "D"


def test_no_more_games_are_read_than_asked_for() -> None:
    assert len(read_games("1. e4 *\n\n" * 50, max_plies=10, max_games=7)) == 7


def test_one_game_means_one_game() -> None:
    assert refusal("1. e4 *\n\n1. d4 *") == "The text holds more than one game."


# What is refused


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff", "% only this", "; and this"])
def test_nothing_is_no_game(text: str) -> None:
    assert read_games(text, max_plies=10, max_games=10) == []
    assert "empty" in refusal(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello world", "Game 1: move 1, White: 'hello' is not a move; PGN looks like"),
        ("<html><body>e4</body></html>", "Game 1: move 1, White: '<html><body>e4</body></h…' is not a move"),
        ('[White "A"]\n[Black "B"]\n\n1-0', "Game 1 (A - B): there are no moves"),
        ('[White "A"]', "Game 1: there are no moves"),
        ("1. e4 e5 2. Qxh9 Nc6", "Game 1: move 2, White: 'Qxh9' is not a move."),
        ("1. e4 e5 2. Qh9", "Game 1: move 2, White: 'Qh9' is not a move."),
        ("1. e4 e5 2. Qxe5", "Game 1: move 2, White: 'Qxe5' is not a legal move."),
        ("1. e4 e5 2. Nf3 Nf3", "Game 1: move 2, Black: 'Nf3' is not a legal move."),
        (
            "1. d4 d5 2. Nf3 a6 3. Nd2",
            "Game 1: move 3, White: 'Nd2' is a move that more than one piece could make.",
        ),
        ("1. e4 -- 2. d4", "Game 1: move 1, Black: '--' is a null move"),
        ("1. e4 Z0 2. d4", "Game 1: move 1, Black: 'Z0' is a null move"),
        ("1. e4 0000", "Game 1: move 1, Black: '0000' is a null move"),
        ("1. Z0*", "Game 1: move 1, White: 'Z0*' is a null move"),
        ("1. e4 --! 2. d4", "Game 1: move 1, Black: '--!' is a null move"),
        ("1. e4 N@f6", "Game 1: move 1, Black: 'N@f6' is a null move or a drop"),
        ("1. e4 e5 1-0 2. Nf3", "Game 1: the move 'Nf3' comes after the result 1-0."),
        ("1. e4 {never closed e5 2. Nf3", "Game 1: a comment '{' or a variation '(' is never closed"),
        ("1. e4 (1. d4 d5 2. c4", "Game 1: a comment '{' or a variation '(' is never closed"),
        ("1. e4 [better d4] e5", "Game 1: move 1, Black: '[better d4] e5' is not a move"),
        ("1. e4 " + "x" * 100, f"Game 1: move 1, Black: '{'x' * 24}…' is not a move"),
        ('[Variant "Atomic"]\n\n1. e4', "Game 1: the variant 'Atomic' is not chess or Chess960."),
        ('[FEN "nonsense"]\n\n1. e4', "Game 1: the FEN 'nonsense' is not a position"),
        (f'[FEN "{"8/" * 100}"]\n\n1. e4', "is not a position (too long)"),
        ('[FEN "8/8/8/8/8/8/8/8 w - - 0 1"]\n\n1. e4', "the board is empty"),
        ('[FEN "4k3/8/8/8/8/8/8/8 w - - 0 1"]\n\n1. e4', "impossible: White has no king"),
        ('[FEN "4k2R/8/8/8/8/8/8/4K3 w - - 0 1"]\n\n1. Rxe8', "the side that just moved is in check"),
        ('[FEN "4k3/8/8/8/8/8/8/4K3 w KQ - 0 1"]\n\n1. O-O', "the castling rights do not fit"),
        ('[FEN "P3k3/8/8/8/8/8/8/4K3 w - - 0 1"]\n\n1. Kd2', "a pawn stands on the first or last rank"),
        ('[FEN "4k3/8/8/8/8/8/4P3/4K3 w - - 0 99999999"]\n\n1. e4', "its move numbers are too large"),
    ],
)
def test_refusals_name_the_place_and_the_reason(text: str, message: str) -> None:
    assert message in refusal(text)


def test_a_game_may_have_the_most_plies_but_not_one_more() -> None:
    text = "1. Nf3 Nf6 2. Ng1 Ng8"
    assert read(text, max_plies=4).ply_count == 4
    assert (
        refusal(text, max_plies=3) == "Game 1: it is longer than 3 plies (half-moves), the most we analyse."
    )


# Hostile text: every one of these took minutes, or an exception, in some reader

HOSTILE = [
    "{}" * 200_000,
    "{" * 400_000,
    "1. e4 " + "(" * 400_000,
    "1. e4 " + "()" * 200_000,
    "1. e4 $" + "1" * 400_000,
    "1. e4 " + "!" * 400_000 + "a",
    "1." * 200_000,
    "1" * 400_000,
    "[" * 400_000,
    "[ " * 200_000,
    "[" + " " * 400_000,
    '[A "' + '"]' * 200_000 + "x",
    '[A "' + "\\" * 400_000,
    "\r" * 400_000,
    "\r\n" * 200_000,
    "\n" * 400_000,
    " " * 400_000 + "x",
    "\n " * 200_000,
    "%" * 400_000,
    "; " * 200_000,
    "\x00" * 400_000,
    "Nf3 " * 100_000,
    "-" * 400_000,
    "1. Nf3 Nf6 2. Ng1 Ng8 " * 20_000,
    '[A "b"]\n' * 50_000,
    "1. e4 {" + "[%eval " * 60_000 + "}",
    "1. e4 {" + "[%clk 1:" * 60_000 + "}",
    "0-0-" * 100_000,
    "1. e4 {" + "a  " * 100_000 + "}",
    "1. e4 {" + "abcdefgh was  " * 30_000 + "}",
    "1. e4 {d4 was best.}" + "(1. d4 d5)" * 40_000,
    "1. e4 {d4 was best.}" + "(1. c4)" * 40_000,
    "1. e4 {d4 was best.} (" + "1. d4 " * 60_000 + ")",
    "1. e4 {d4 was best.} (" + "9 " * 200_000 + ")",
    "1. e4 {" + "d4 was worst. " * 20_000 + "}" + "()" * 50_000,
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_hostile_text_costs_little(text: str) -> None:
    for game in read_games(text, max_plies=1200, max_games=100):
        assert isinstance(game, Game | InvalidGameError)
        assert len(str(game)) < 100_000


PIECES_OF_PGN = st.sampled_from(
    [
        "1. ",
        " e4 ",
        " e5 ",
        " Nf3 ",
        " O-O ",
        " ( ",
        " ) ",
        " { ",
        " } ",
        " [ ",
        " ] ",
        ' " ',
        ' [White "A"] ',
        " ; ",
        " % ",
        " $1 ",
        " 1-0 ",
        " * ",
        " -- ",
        " ! ",
        " =\n    ",
        " \x00 ",
        " ½-½ ",
        " [%eval 0.1] ",
        " [%clk 0:01:00] ",
        ' [FEN " ',
        " 8/8 w ",
        " \ufeff ",
        " \n ",
        " \n\n",
    ]
)


@given(st.lists(PIECES_OF_PGN | st.text(max_size=4), max_size=40).map("".join))
def test_no_text_makes_the_reader_fall(text: str) -> None:
    for game in read_games(text, max_plies=20, max_games=5):
        assert isinstance(game, Game | InvalidGameError)


# Writing, and reading again


@st.composite
def games(draw: st.DrawFn) -> Game:
    board = draw(
        st.sampled_from(
            [
                chess.Board(),
                chess.Board(CHESS960_FEN, chess960=True),
                chess.Board("4k3/1P6/8/8/8/8/8/R3K2R b KQ - 3 30"),
            ]
        )
    )
    board = board.copy()
    start_fen = board.fen()
    moves, texts = [], []
    evaluations = st.builds(
        Evaluation, white_cp=st.integers(-9999, 9999), depth=st.none() | st.integers(0, 200)
    )
    mates = st.builds(Evaluation, white_mate=st.integers(-200, 200).filter(bool))
    clocks = st.integers(0, 359_999_000).map(lambda milliseconds: milliseconds / 1000)
    for _ in range(draw(st.integers(1, 30))):
        legal = list(board.legal_moves)
        if not legal:
            break
        move = draw(st.sampled_from(legal))
        moves.append(move.uci())
        board.push(move)
        texts.append(
            MoveText(
                draw(st.none() | evaluations | mates), draw(st.none() | clocks), draw(st.none() | clocks)
            )
        )
    values = st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"], exclude_characters="\ufeff"),
        max_size=20,
    )
    headers = {name: " ".join(draw(values).split()) for name in ("White", "Black", "Event")}
    headers["Result"] = draw(st.sampled_from(["1-0", "0-1", "1/2-1/2", "*"]))
    kept = tuple(texts) if any(text != MoveText() for text in texts) else ()
    return Game(tuple(moves), start_fen, board.chess960, headers, kept)


@settings(max_examples=50)
@given(games())
def test_a_written_game_reads_back_as_the_same_game(game: Game) -> None:
    text = pgn_text(game)
    again = read(text)
    assert again.moves == game.moves
    assert again.start_fen == game.start_fen
    assert again.is_chess960 == game.is_chess960
    assert again.texts == game.texts
    assert {name: again.headers[name] for name in game.headers} == game.headers
    assert pgn_text(again) == text
    assert content_hash(again) == content_hash(game)
    assert "\x00" not in text


@settings(max_examples=50)
@given(games())
def test_python_chess_reads_what_we_write(game: Game) -> None:
    reference = chess.pgn.read_game(io.StringIO(pgn_text(game)))
    assert reference is not None
    assert reference.errors == []
    assert tuple(move.uci() for move in reference.mainline_moves()) == game.moves
    for node, text in zip(reference.mainline(), game.texts, strict=False):
        assert node.clock() == pytest.approx(text.clock_s)
        assert node.emt() == pytest.approx(text.elapsed_s)


def test_lines_are_short() -> None:
    for path in EXAMPLES.glob("*-*.pgn"):
        for game in read_games(path.read_text(encoding="utf-8"), max_plies=200, max_games=5):
            assert isinstance(game, Game)
            assert max(map(len, pgn_text(game).splitlines())) <= 80


# The hash


def test_the_same_game_from_two_programs_is_one() -> None:
    one = '[White "A"]\n[Black "B"]\n[Date "2020.01.01"]\n[Result "1-0"]\n\n1. e4 {[%clk 0:01:00]} e5 1-0'
    other = (
        '[Site "x"]\n[Black "B"]\n[White "A"]\n[Date "2020.01.01"]\n[Result "1-0"]\n\n1.e4 e5 {a comment} 1-0'
    )
    assert content_hash(read(one)) == content_hash(read(other))
    assert len(content_hash(read(one))) == 64


@pytest.mark.parametrize(
    "other",
    [
        a_game("e4 e6", White="A"),
        a_game("e4", White="A"),
        a_game("e4 e5", White="B"),
        a_game("e4 e5", Black="A"),
        a_game("e4 e5", White="A", Result="1-0"),
        a_game("e4 e5", White="A", Date="2020.01.01"),
        a_game("e4 e5", White="A", is_chess960=True),
        a_game("e4 e5", White="A", start_fen="rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 5 9"),
    ],
)
def test_another_game_has_another_hash(other: Game) -> None:
    assert content_hash(other) != content_hash(a_game("e4 e5", White="A"))
