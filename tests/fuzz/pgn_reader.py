"""Damaged PGN, any number of times: the reader takes it or refuses it, quickly, and never falls.

    PYTHONPATH=functions .venv/bin/python -m tests.fuzz.pgn_reader --count 100000 --seed 1

Every input goes from bytes to text to games. What is accepted is written as PGN and is the same game again.
Fails on an exception that is not a refusal of the reader, on an input that takes longer than its length
allows, and when memory grows. Failing inputs are printed.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from knight_vision.domain.game import Game
from knight_vision.domain.pgn_reader import content_hash, decode_pgn, pgn_text, read_games
from knight_vision.errors import InvalidGameError, InvalidRequestError
from tests.fuzz.mutations import mutated
from tests.support.builders import EXAMPLES
from tests.support.legal_games import LEGAL_GAMES

__all__ = ["Findings", "fuzz"]

MOST_PLIES = 600
MOST_GAMES = 100
FIXED_S = 0.25
"""Of processor time that any input may take: pauses of a loaded machine."""
PER_BYTE_S = 100e-6
"""And this for each byte. A move takes about 0.1 ms to read, to write and to read again, and has 3 bytes or
more; that much again is for slower machines."""
MOST_GROWTH_MB = 30.0
"""By which the process may grow after the warm-up: one input has at most 20 kB, and nothing is kept."""
WARM_UP = 200
"""Inputs after which what is loaded once is loaded."""


@dataclass
class Findings:
    """What became of the inputs."""

    inputs: int = 0
    undecodable: int = 0
    accepted: int = 0
    """Games."""
    refused: int = 0
    """Games."""
    slowest_s: float = 0.0
    slowest_bytes: int = 0
    peak_mb: float = 0.0
    """Most memory that the process ever had."""
    growth_mb: float = 0.0
    """How much of that came after the warm-up."""
    failures: list[str] = field(default_factory=list)


def seeds() -> list[bytes]:
    """Real games, games at the edges, and exports with commands."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.pgn"))]
    texts += [pgn for name, pgn in LEGAL_GAMES.items() if name != "600 plies"] * 2
    texts += [LEGAL_GAMES["600 plies"], LICHESS, CHESSBASE, CHESS_COM, "1. e4 e5 *\n\n1. d4 d5 *\n"]
    return [text.encode() for text in texts]


LICHESS = """[Event "Rated"]
[Site "https://lichess.org/abcdefgh"]

1. f3?! { (0.15 -> -0.80) Inaccuracy. e4 was best. } { [%eval -0.8] [%clk 0:03:00] } (1. e4 e5 2. Nf3)
1... e5 { [%eval -0.74] [%clk 0:03:00] } 2. g4?? { (-0.74 -> Mate in 1) Checkmate is now unavoidable. }
{ [%eval #-1] [%clk 0:02:59] } 2... Qh4# { [%clk 0:02:58] } 0-1
"""
CHESSBASE = """[Event "Test \\"Quoted\\" Open"]
[Annotator "Tactical Analysis"]

{[%evp 0,4,19,-80,-74,-29999,-30000]} 1. f3 $6 {[%eval -80,20] [%emt 0:00:\n05]} e5 $146 {[#] [%csl Re5]
[%cal Gd8h4]} 2. g4 $4 {[%mdl 8192]} (2. e4 $11) Qh4# 0-1
"""
CHESS_COM = """[Event "Live Chess"]
[Site "Chess.com"]
[Link "https://www.chess.com/game/live/1"]

1. e4 {[%clk 0:02:59.9][%timestamp 1]} 1... c6 {[%clk 0:02:58.2][%timestamp\n18]} 2. d4 {[%clk 0:02:59]} *
"""


def fuzz(count: int, seed: int, *, texts: Sequence[bytes] = ()) -> Findings:
    """What became of `count` inputs; the same for the same seed."""
    known = texts or seeds()
    findings = Findings()
    warm_mb = 0.0
    for number in range(count):
        # Each input has a seed of its own, so that one can be made again without those before it.
        text = mutated(random.Random(f"{seed}:{number}"), known)
        started_s = time.process_time()
        try:
            read_all(text, findings)
        except Exception as error:
            findings.failures.append(f"input {seed}:{number}: {error!r} from {text!r}")
        took_s = time.process_time() - started_s
        findings.inputs += 1
        most_s = FIXED_S + PER_BYTE_S * len(text)
        if took_s > most_s:
            # A machine is slow once, an input each time.
            took_s = min(took_s, *(seconds_again(text) for _ in range(3)))
        if took_s > most_s:
            findings.failures.append(f"input {seed}:{number}: {took_s:.2f} s for {len(text)} bytes: {text!r}")
        if took_s > findings.slowest_s:
            findings.slowest_s, findings.slowest_bytes = took_s, len(text)
        if number < WARM_UP:
            warm_mb = peak_mb()
    findings.peak_mb = peak_mb()
    findings.growth_mb = findings.peak_mb - warm_mb
    if findings.growth_mb > MOST_GROWTH_MB:
        findings.failures.append(f"the process grew by {findings.growth_mb:.0f} MB after the warm-up")
    return findings


def seconds_again(text: bytes) -> float:
    """Processor time of reading an input that was read before."""
    started_s = time.process_time()
    with contextlib.suppress(Exception):
        read_all(text, Findings())
    return time.process_time() - started_s


def peak_mb() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def read_all(body: bytes, findings: Findings) -> None:
    """Read one input by the way of files and, as JSON may bring it, undecoded. Raises what should not be."""
    try:
        text = decode_pgn(body)
    except InvalidRequestError:
        findings.undecodable += 1
        text = body.decode("utf-8", "surrogateescape")
    for game in read_games(text, max_plies=MOST_PLIES, max_games=MOST_GAMES):
        if isinstance(game, Game):
            findings.accepted += 1
            check_is_kept(game)
        else:
            findings.refused += 1
            check_is_fit_to_print(game)


def check_is_kept(game: Game) -> None:
    """The accepted game is legal, can be stored, and is the same game when it is read again."""
    assert 1 <= game.ply_count <= MOST_PLIES
    assert game.texts == () or len(game.texts) == game.ply_count
    text = pgn_text(game)
    text.encode()
    assert "\x00" not in text
    (again,) = read_games(text, max_plies=MOST_PLIES, max_games=2)
    assert isinstance(again, Game), again
    assert (again.moves, again.start_fen, again.is_chess960) == (game.moves, game.start_fen, game.is_chess960)
    assert again.texts == game.texts
    assert content_hash(again) == content_hash(game)
    assert pgn_text(again) == text


def check_is_fit_to_print(refusal: InvalidGameError) -> None:
    """The reason is short and holds nothing that a terminal or a database would choke on."""
    message = str(refusal)
    assert message.startswith("Game ")
    assert len(message) < 2_000
    message.encode()
    assert "\x00" not in message
    assert "\x1b" not in message


def main() -> int:
    """Fuzz, and say what was found; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description="Feed damaged PGN to the reader.")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    started_s = time.monotonic()
    findings = fuzz(options.count, options.seed)
    out = sys.stdout.write
    out(f"seed {options.seed}: {findings.inputs} inputs in {time.monotonic() - started_s:.0f} s\n")
    out(f"games: {findings.accepted} accepted, {findings.refused} refused\n")
    out(f"inputs that are no text: {findings.undecodable}\n")
    out(f"slowest: {findings.slowest_s * 1e3:.0f} ms of processor time for {findings.slowest_bytes} bytes\n")
    out(f"memory: {findings.peak_mb:.0f} MB at most, {findings.growth_mb:.1f} MB of it after the warm-up\n")
    for failure in findings.failures[:20]:
        out(f"FAILED {failure[:2_000]}\n")
    out(f"{len(findings.failures)} failures\n")
    return 1 if findings.failures else 0


if __name__ == "__main__":
    sys.exit(main())
