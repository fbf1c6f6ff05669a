"""Damage done to PGN files: by bits, by bytes, by words, by files, and by those who mean harm."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

__all__ = ["NASTY", "mutated"]

WORD = re.compile(rb"\s+|[^\s{}()\[\]\"]+|.", re.DOTALL)

TEXTS = (
    # brackets, deep and unbalanced
    "{" * 50, "}" * 50, "(" * 200, ")" * 200, "[" * 200, "()" * 200, "{}" * 200, "({" * 60, "[%" * 60,
    '[A "', '"]', '["]', '\\"', "\\", '[FEN "', '[Variant "Chess960"]\n', '[Variant "Atomic"]\n',
    '[SetUp "1"]\n[FEN "8/8/8/8/8/8/8/8 w - - 0 1"]\n', '[FEN "4k3/8/8/8/8/8/4P3/4K3 b - - 0 17"]\n',
    '[FEN "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 999999999999 99999999999"]\n',
    '[FEN "1rkr3r/pppppppp/8/8/8/8/PPPPPPPP/1RKR3R w BDbd - 0 1"]\n',
    # numbers
    "9" * 400, "$" + "9" * 300, "1" * 50 + ".", "0", "-1", "1.", "1...", "99999999999999999999. e4",
    # commands
    "{[%eval 0.17]}", "{[%eval #-3]}", "{[%eval -35,20]}", "{[%eval 99999,9]}", "{[%clk 0:02:59.9]}",
    "{[%emt 0:00:05]}", "{[%timestamp 1]}", "{[%evp 0,2,19,31,34]}", "{[%evp 0,99999,1]}", "{[%eval ]}",
    "{[%eval " + "9" * 300 + "]}", "{[%clk " + "9:" * 200 + "]}", "{[%eval " * 50, "{[%evp " + "1," * 500,
    "{Nf3 was best.} (1. Nf3 d5 2. d4)", "{e4 was best.}", "(1. e4 e5)", "(Z0 e5)", "{ was best. was best.",
    # moves and results
    "e4", "Nf3", "O-O", "O-O-O", "0-0", "a8=Q", "exd6e.p.", "e2e4", "--", "Z0", "Z0*", "--!", "@@@@", "N@f6",
    "Qh9", "Kxe1#", "1-0", "0-1", "1/2-1/2", "*", "\n\n1. d4 d5 *\n\n", '\n\n[Event "next"]\n\n1. e4 *\n',
    # letters that are not what they seem: Cyrillic, combining, right to left, full width, digits of others
    "½-½", "♘f3", "\u04354", "e\u03014", "\u202e4e", "\u2028\u2029", "\ufeff", "\uff11. \uff454", "\u0663",
    "\xb2", "\U0001d7d9. e4", "\U0001f469\u200d\U0001f467", "\x85", "\xa0",
    # control characters, lines, escapes
    "\x00", "\x1a", "\x1b[31m", "\x7f", "\x0b\x0c", "\r", "\r\r\n", "\n%", "\n;", "%", ";", "\t", " " * 500,
    "\n" * 200, "!" * 300 + "x", "?!" * 100, "." * 300, "-" * 300, "=" * 300,
)  # fmt: skip
NASTY = (
    *(text.encode() for text in TEXTS),
    # half a letter, a lone surrogate, marks of byte orders
    b"\xed\xa0\x80", b"\xff\xfe", b"\xfe\xff", b"\xc3\x28", b"\xf0\x9f", b"\xe9", b"\x81",
)  # fmt: skip
"""What is put between the words of a file."""

MEANT = b' \n\r\t{}()[];%$"\\.*-=+#0123456789NBRQKOabx'
"""Bytes that mean something in PGN."""

Damage = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def place(chance: random.Random, text: bytes) -> int:
    """A place in the text."""
    return chance.randint(0, len(text))


def flip_bits(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    damaged = bytearray(text)
    for _ in range(chance.randint(1, 8)):
        if damaged:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def change_bytes(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    damaged = bytearray(text)
    for _ in range(chance.randint(1, 8)):
        if damaged:
            damaged[chance.randrange(len(damaged))] = chance.choice(
                b' \n\r\t{}()[];%$"\\.*-=+#0123456789NBRQKOabx'
            )
    return bytes(damaged)


def insert_nasty(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    at = place(chance, text)
    space = chance.choice([b"", b" ", b"\n"])
    return text[:at] + space + chance.choice(NASTY) + space + text[at:]


def delete(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    at = place(chance, text)
    return text[:at] + text[at + chance.choice([1, 1, 2, 10, 100]) :]


def cut_off(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    at = place(chance, text)
    return text[at:] if chance.random() < 0.3 else text[:at]


def repeat(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    first, last = sorted((place(chance, text), place(chance, text)))
    part = text[first : min(last, first + 200)]
    return text[:first] + part * chance.choice([2, 2, 3, 20]) + text[last:]


def change_words(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    """Swap, double or drop words."""
    words = WORD.findall(text)
    for _ in range(chance.randint(1, 5)):
        if len(words) < 2:
            break
        one, other = chance.randrange(len(words)), chance.randrange(len(words))
        what = chance.random()
        if what < 0.4:
            words[one], words[other] = words[other], words[one]
        elif what < 0.7:
            words.insert(other, words[one])
        else:
            del words[one]
    return b"".join(words)


def splice(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    other = chance.choice(seeds)
    return text[: place(chance, text)] + other[place(chance, other) :]


def change_encoding(chance: random.Random, text: bytes, seeds: Sequence[bytes]) -> bytes:
    encoding = chance.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1", "cp1252", "utf-7"])
    return text.decode("utf-8", "replace").encode(encoding, "replace")


DAMAGES: tuple[Damage, ...] = (
    flip_bits, change_bytes, insert_nasty, insert_nasty, delete, cut_off, repeat, change_words, change_words,
    splice, change_encoding,
)  # fmt: skip


def mutated(chance: random.Random, seeds: Sequence[bytes], *, longest: int = 20_000) -> bytes:
    """One of the seeds, damaged in one to five ways; or, now and then, nothing but nasty things."""
    if chance.random() < 0.05:
        return b" ".join(chance.choice(NASTY) for _ in range(chance.randint(1, 12)))[:longest]
    text = chance.choice(seeds)
    for _ in range(chance.choice([1, 1, 1, 2, 2, 3, 5])):
        text = chance.choice(DAMAGES)(chance, text, seeds)[:longest]
    return text
