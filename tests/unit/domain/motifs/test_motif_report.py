"""The table that compares the detector with labelled positions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.motif_report import main

HEADER = "fen,line,themes\n"
FORK = "r3k3/8/8/3N4/8/8/8/4K3 w - - 0 1,d5c7 e8d8 c7a8,fork short endgame\n"
UNSEEN = "6k1/8/8/8/8/8/8/4K2R w K - 0 1,e1f1,castling\n"
RECAPTURE = (
    "fen,line,themes,fen_before,last_move\n"
    "6k1/8/8/3n4/8/8/8/3R2K1 w - - 0 21,d1d5,rookEndgame,6k1/8/1n6/3N4/8/8/8/3R2K1 b - - 0 20,b6d5\n"
)


def a_file(folder: Path, text: str) -> str:
    path = folder / "labelled.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def rows(printed: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for words in map(str.split, printed.splitlines())}


def test_it_counts_labels_finds_and_agreements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([a_file(tmp_path, HEADER + FORK + UNSEEN)]) == 0
    table = rows(capsys.readouterr().out)
    assert table["fork"] == ["1", "1", "1", "1.0000", "1.0000"]
    assert table["castling"] == ["1", "0", "0", "-", "0.0000"]
    assert "short" not in table
    assert table["2"][0] == "positions,"


def test_it_uses_the_move_before_unless_told_not_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, RECAPTURE)
    main([path])
    assert "hangingPiece" not in rows(capsys.readouterr().out)
    main([path, "--without-history"])
    assert "hangingPiece" in rows(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "no column fen, line, themes"),
        ("fen,line\n", "no column themes"),
        (HEADER, "no positions"),
        (HEADER + "only\n", "line 2: too few columns"),
        (HEADER + "nonsense,e2e4,fork\n", "line 2"),
        (HEADER + FORK + FORK.replace("d5c7", "d5d6"), "line 3: illegal"),
    ],
)
def test_an_ill_formed_file_is_refused_with_its_line(
    text: str, complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([a_file(tmp_path, text)]) == 2
    assert complaint in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.csv")]) == 2
    assert "none.csv: No such file" in capsys.readouterr().err


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bytes.csv"
    path.write_bytes(b"fen,line,themes\n\xff\xfe,e2e4,fork\n")
    assert main([str(path)]) == 2
    assert "no CSV in UTF-8" in capsys.readouterr().err
