"""`knight-vision analyze` from submitting to the files it writes."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.fake_api import FAILING, FakeApi

PgnFile = Callable[..., str]
Run = Callable[..., Any]


def test_three_phases_are_told_one_by_one_and_the_last_is_summed_up(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    path = pgn_file("Morphy - Duke Karl")
    ran = run("analyze", path)
    assert ran.exit_code == 0
    assert ran.stderr.splitlines() == [
        "Morphy - Duke Karl: analysis asked for",
        "Morphy - Duke Karl: initial done, White 90.5% 0 blunders  Black 70.2% 1 blunder  +1.35",
        "Morphy - Duke Karl: intermediate done, White 91.5% 0 blunders  Black 70.2% 2 blunders  +1.35",
        "Morphy - Duke Karl: complete done, White 92.5% 0 blunders  Black 70.2% 3 blunders  +1.35",
    ]
    lines = [line.split() for line in ran.stdout.splitlines() if line]
    assert lines[0] == ["Morphy", "-", "Duke", "Karl", "1-0"]
    assert lines[1] == ["C41", "Philidor", "Defense"]
    assert "  complete analysis, Stockfish 17.1, nodes 1000000\n" in ran.stdout
    assert ["White", "92.5%", "20", "1", "0", "0"] in lines
    assert ["Black", "70.2%", "20", "1", "0", "3"] in lines
    assert ["9...", "b5", "blunder", "+1.50", "to", "+6.10", "best", "9...", "Qc7"] in lines
    assert ["15.", "Rxd7", "mistake", "#5", "to", "+3.10", "best", "15.", "Bxd7+"] in lines
    assert api.requests[0].body == Path(path).read_bytes()


def test_without_a_terminal_nothing_but_plain_lines_is_printed(run: Run, pgn_file: PgnFile) -> None:
    ran = run("analyze", pgn_file("Morphy - Duke Karl", "Tal - Botvinnik", "refused"))
    printed = ran.stdout + ran.stderr
    assert {character for character in printed if unicodedata.category(character) == "Cc"} == {"\n"}
    assert max(len(line) for line in ran.stdout.splitlines()) <= 80


def test_a_refused_game_is_named_and_the_others_are_analysed(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    path = pgn_file("Morphy - Duke Karl", "refused", "Tal - Botvinnik")
    ran = run("analyze", path)
    assert ran.exit_code == 1
    assert f"{path}, game 2: refused: Move 3: 'Qxh9' is not a legal move." in ran.stderr
    assert "1. Morphy - Duke Karl  1-0" in ran.stdout
    assert "2. Tal - Botvinnik  1-0" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "2 games, 1 refused"
    assert api.count("/enhanced-annotate") == 2


def test_a_file_of_refused_games_alone_ends_without_asking_for_an_analysis(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    ran = run("analyze", pgn_file("refused", "refused"))
    assert ran.exit_code == 1
    assert ran.stderr.count("refused: Move 3") == 2
    assert len(api.requests) == 1


def test_several_files_and_standard_input_are_read_and_a_game_in_two_of_them_is_followed_once(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    first = pgn_file("Morphy - Duke Karl", name="1.pgn")
    second = pgn_file("Tal - Botvinnik", "Morphy - Duke Karl", name="2.pgn")
    ran = run("analyze", first, second, "-", stdin=b'[White "Anand"]\n[Black "Kramnik"]\n\n1. d4 *')
    assert ran.exit_code == 0
    assert [game.white for game in api.games.values()] == ["Morphy", "Tal", "Anand"]
    assert api.count("/enhanced-annotate") == 3
    assert ran.stdout.splitlines()[-1] == "3 games"
    assert "2.pgn, game 2: the same as one before, analysed once" in ran.stderr


def test_a_known_and_analysed_game_is_shown_at_once(api: FakeApi, run: Run, pgn_file: PgnFile) -> None:
    path = pgn_file("Morphy - Duke Karl")
    run("analyze", path)
    asked_before = api.count("/status")
    ran = run("analyze", path)
    assert ran.exit_code == 0
    assert "92.5%" in ran.stdout
    assert api.count("/status") == asked_before


def test_until_ends_the_waiting_with_the_phase_named(api: FakeApi, run: Run, pgn_file: PgnFile) -> None:
    ran = run("analyze", pgn_file("Morphy - Duke Karl"), "--until", "initial")
    assert ran.exit_code == 0
    assert "initial analysis" in ran.stdout
    assert "90.5%" in ran.stdout
    assert api.count("/status") == 2


def test_no_wait_asks_for_the_analysis_and_tells_the_id(api: FakeApi, run: Run, pgn_file: PgnFile) -> None:
    ran = run("analyze", pgn_file("Morphy - Duke Karl"), "--no-wait")
    assert ran.exit_code == 0
    (game_id,) = api.games
    assert f"{game_id}  queued" in ran.stdout
    assert api.count("/enhanced-annotate") == 1
    assert api.count("/status") == 0


def test_json_is_all_there_is_on_standard_output(run: Run, pgn_file: PgnFile) -> None:
    ran = run("analyze", pgn_file("Morphy - Duke Karl", "refused"), "--json")
    assert ran.exit_code == 1
    document = json.loads(ran.stdout)
    (game,) = document["games"]
    assert game["status"]["state"] == "done"
    assert game["report"]["phase"] == "complete"
    assert game["report"]["white"]["accuracy"] == 92.5
    assert document["refused"][0]["index"] == 1


def test_a_failed_analysis_shows_what_is_finished_and_why_it_failed(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    api.steps = FAILING
    ran = run("analyze", pgn_file("Morphy - Duke Karl"))
    assert ran.exit_code == 1
    assert "initial analysis" in ran.stdout
    assert "Analysis failed: The engine ended three times at ply 12." in ran.stdout
    assert ran.stderr.splitlines()[-1].endswith("failed: The engine ended three times at ply 12.")


def test_a_game_deleted_meanwhile_does_not_stop_the_others(api: FakeApi, run: Run, pgn_file: PgnFile) -> None:
    problem = {"code": "game_not_found", "detail": "There is no game of yours."}
    api.answer_next("00000001-aaaa-bbbb-cccc-0123456789ab/analysis/status", 404, problem)
    ran = run("analyze", pgn_file("Morphy - Duke Karl", "Tal - Botvinnik"))
    assert ran.exit_code == 1
    assert "There is no game of yours." in ran.stderr
    assert "2. Tal - Botvinnik  1-0" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "2 games, 1 failed"


def test_a_file_of_more_games_than_the_server_takes_is_sent_in_parts(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    api.most_games = 2
    names = [f"White{number} - Black{number}" for number in range(5)]
    ran = run("analyze", pgn_file(*names[:4], "refused", names[4]), "--no-wait")
    assert [game.white for game in api.games.values()] == [f"White{number}" for number in range(5)]
    assert "game 5: refused" in ran.stderr


def test_out_writes_the_annotated_game_and_the_report(run: Run, pgn_file: PgnFile, tmp_path: Path) -> None:
    out = tmp_path / "new" / "folder"
    ran = run("analyze", pgn_file("Morphy, Paul - Duke Karl"), "--out", str(out))
    assert ran.exit_code == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "morphy-paul-duke-karl-00000001.json",
        "morphy-paul-duke-karl-00000001.pgn",
    ]
    assert (out / "morphy-paul-duke-karl-00000001.pgn").read_text().endswith("{ annotated }\n")
    report = json.loads((out / "morphy-paul-duke-karl-00000001.json").read_text())
    assert report["phase"] == "complete"
    assert report["moves"][0]["san"] == "e4"
    assert "morphy-paul-duke-karl-00000001.pgn" in ran.stdout.replace("\n", "")


def test_out_stays_in_its_folder_whatever_the_players_are_called(
    run: Run, pgn_file: PgnFile, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run("analyze", pgn_file("../../etc/passwd - CON", "../../etc/passwd - con"), "--out", str(out))
    assert sorted(path.name for path in out.iterdir()) == [
        "etc-passwd-con-00000001.json",
        "etc-passwd-con-00000001.pgn",
        "etc-passwd-con-00000002.json",
        "etc-passwd-con-00000002.pgn",
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"out", "games.pgn"}


def test_names_from_the_server_cannot_steer_the_terminal(run: Run, pgn_file: PgnFile) -> None:
    ran = run("analyze", pgn_file("[red]A[/red] \x1b[2J\u202e - \x07:smile:"))
    assert "[red]A[/red] [2J - :smile:" in ran.stdout
    assert not set("\x1b\x07\u202e") & set(ran.stdout + ran.stderr)
