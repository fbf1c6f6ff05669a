"""Bytes that are PGN, and bytes that are not."""

import pytest

from knight_vision.domain.pgn_reader import decode_pgn
from knight_vision.errors import InvalidRequestError

TEXT = '[White "Réti, Müller"]\n\n1. e4 e5 *\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_every_encoding_that_chess_programs_write(encoding: str) -> None:
    assert decode_pgn(TEXT.encode(encoding)) == TEXT


def test_the_end_of_file_mark_of_dos_is_not_text() -> None:
    assert decode_pgn(b"1. e4 *\r\n\x1a") == "1. e4 *\r\n"


def test_nothing_is_text() -> None:
    assert decode_pgn(b"") == ""


@pytest.mark.parametrize(
    "body",
    [
        b"1. e4 \x00 e5",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"\x7fELF\x02\x01\x01",
        b"PK\x03\x04\x14",
        "[White \"Réti\"]".encode()[:-4] + b"\xff",
        '[White "Réti"]'.encode() + b"\xc3",
        b"\xff\xfe\x00",
        b"\x1f\x8b\x08",
        b'[White "\x81"]',
        b"1. e4 \x1b[31m",
    ],
)  # fmt: skip
def test_what_is_not_text_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequestError, match="PGN is not"):
        decode_pgn(body)
