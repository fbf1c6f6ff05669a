"""Every way a command can end badly: its exit code and what it says."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knight_vision_cli import api_client
from knight_vision_cli.errors import ExitCode
from tests.support.fake_api import TOKEN, FakeApi

PgnFile = Callable[..., str]
Run = Callable[..., Any]
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("status", "body", "headers", "exit_code", "told"),
    [
        pytest.param(
            401,
            {"code": "unauthorized", "detail": "The token has expired: sign in again."},
            None,
            ExitCode.TOKEN,
            "refused the token: The token has expired: sign in again. [unauthorized]",
            id="expired token",
        ),
        pytest.param(
            401, {"message": "Unauthorized"}, JSON, ExitCode.TOKEN, "Unauthorized", id="gateway's 401"
        ),
        pytest.param(403, {"message": "Forbidden"}, JSON, ExitCode.TOKEN, "Forbidden", id="gateway's 403"),
        pytest.param(404, b"<h1>Nope</h1>", HTML, ExitCode.SERVER, "Check --url", id="another server's 404"),
        pytest.param(
            404,
            {"code": "not_found", "detail": "There is no such route."},
            None,
            ExitCode.SERVER,
            "no such route",
            id="no such route",
        ),
        pytest.param(
            413,
            {"message": "Request Entity Too Large"},
            JSON,
            ExitCode.SERVER,
            "games.pgn (0 KiB): The file is too large for the server: Request Entity Too Large",
            id="gateway's 413",
        ),
        pytest.param(
            422,
            {"code": "invalid_request", "detail": "body: not understood"},
            None,
            ExitCode.SERVER,
            "body: not understood [invalid_request]",
            id="invalid request",
        ),
        pytest.param(
            422,
            {"code": "invalid_game", "detail": "There is no game in it."},
            None,
            ExitCode.FAILED,
            "game 1: refused",
            id="no game in the text",
        ),
        pytest.param(
            500,
            {"code": "internal_error", "detail": "Our fault.", "request_id": "r-77"},
            None,
            ExitCode.SERVER,
            "The server said no (500): Our fault. [internal_error, request r-77]",
            id="crash",
        ),
        pytest.param(500, b"", HTML, ExitCode.SERVER, "Internal Server Error", id="crash without words"),
        pytest.param(
            200, b"<html>hello</html>", HTML, ExitCode.SERVER, "text/html where a JSON object", id="not JSON"
        ),
        pytest.param(200, [1, 2], JSON, ExitCode.SERVER, "JSON object was expected", id="not an object"),
        pytest.param(
            200,
            {"ok": True},
            JSON,
            ExitCode.SERVER,
            "'games' is missing in the answer",
            id="another API's JSON",
        ),
        pytest.param(
            201,
            {"games": [{"index": "0", "verdict": "accepted"}]},
            JSON,
            ExitCode.SERVER,
            "'index' is not as expected",
            id="a wrong type",
        ),
        pytest.param(307, b"", {"Location": "https://x"}, ExitCode.SERVER, "(307)", id="redirect"),
    ],
)
def test_an_answer_that_is_no_success_ends_with_its_exit_code_and_reason(
    api: FakeApi,
    run: Run,
    pgn_file: PgnFile,
    status: int,
    body: object,
    headers: dict[str, str] | None,
    exit_code: ExitCode,
    told: str,
) -> None:
    api.answer_next("/v1/games", status, body, headers)
    ran = run("analyze", pgn_file("Morphy - Duke Karl"))
    assert ran.exit_code == exit_code
    assert told in ran.stderr
    assert ran.stdout.strip() in ("", "0 games, 1 refused")


def test_an_error_s_text_cannot_steer_the_terminal(api: FakeApi, run: Run) -> None:
    api.answer_next("/v1/games", 500, {"code": "x\x1b[1m", "detail": "[blink]\x1b]0;title\x07 \ud800"})
    ran = run("games")
    assert "[blink] ]0;title [x [1m]" in ran.stderr
    assert "\x1b" not in ran.stderr


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("", "A token is needed."),
        (" \n", "A token is needed."),
        ("ab\ncd", "characters"),
        ("ключ", "characters"),
    ],
)
def test_without_a_usable_token_nothing_is_sent(api: FakeApi, run: Run, token: str, told: str) -> None:
    ran = run("games", KNIGHT_VISION_TOKEN=token)
    assert ran.exit_code == ExitCode.TOKEN
    assert told in ran.stderr
    assert api.requests == []


def test_a_wrong_token_is_told_and_never_printed(run: Run) -> None:
    ran = run("games", "--token", "wrong-token")
    assert ran.exit_code == ExitCode.TOKEN
    assert "sign in again" in ran.stderr
    assert "wrong-token" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("command", ["status", "report"])
@pytest.mark.parametrize("asked_for", [True, False])
def test_what_does_not_exist_is_told(api: FakeApi, run: Run, command: str, asked_for: bool) -> None:
    game_id = api.add_game("Tal", "Botvinnik").game_id
    ran = run(command, "00000000" if asked_for else game_id)
    assert ran.exit_code == ExitCode.NOT_FOUND
    assert ("game_not_found" if asked_for else "analysis_not_found") in ran.stderr


def test_where_nobody_listens_the_hint_says_how_to_start_the_server(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    ran = run("games", "--url", f"http://127.0.0.1:{port}")
    assert ran.exit_code == ExitCode.UNREACHABLE
    assert f"Cannot reach http://127.0.0.1:{port}: connection refused." in ran.stderr
    assert "make dev" in ran.stderr


def test_a_server_that_does_not_answer_is_not_waited_for_forever(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ran = run("games", "--url", f"http://127.0.0.1:{silent.getsockname()[1]}", "--timeout", "0.2")
    assert ran.exit_code == ExitCode.UNREACHABLE
    assert "did not answer within 0.2 s." in ran.stderr


@pytest.mark.parametrize(
    "url", ["ftp://example.org", "example.org", "http://", "http://[", "", "http://x:port"]
)
def test_a_url_that_is_none_is_wrong_usage(api: FakeApi, run: Run, url: str) -> None:
    ran = run("games", "--url", url)
    assert ran.exit_code == ExitCode.USAGE
    assert "--url" in ran.stderr


def test_trouble_that_passes_is_told_and_tried_again(api: FakeApi, run: Run, pgn_file: PgnFile) -> None:
    busy = {"code": "store_unavailable", "detail": "The store does not answer."}
    api.answer_next("/v1/games", 503, busy, {"Retry-After": "0"})
    api.answer_next("/analysis/status", 429, {"message": "Too Many Requests"}, JSON)
    api.answer_next("/analysis/status", 0)
    ran = run("analyze", pgn_file("Morphy - Duke Karl"))
    assert ran.exit_code == 0
    assert "The store does not answer; trying again in 1 s" in ran.stderr
    assert "Too Many Requests; trying again" in ran.stderr
    assert "Server disconnected" in ran.stderr
    assert "92.5%" in ran.stdout


def test_trouble_that_lasts_is_given_up(api: FakeApi, run: Run) -> None:
    for _ in range(api_client.TRIES):
        body = {"code": "queue_unavailable", "detail": "The queue does not answer."}
        api.answer_next("/v1/games", 503, body, {"Retry-After": "0"})
    ran = run("games")
    assert ran.exit_code == ExitCode.SERVER
    assert "The server said no (503): The queue does not answer. [queue_unavailable]" in ran.stderr
    assert len(api.requests) == api_client.TRIES


def test_too_many_unfinished_analyses_are_told_with_what_to_do(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    for _ in range(api_client.TRIES):
        body = {"code": "queue_limit_reached", "detail": "2 are unfinished.", "limit": 2, "unfinished": 2}
        api.answer_next("/enhanced-annotate", 429, body, {"Retry-After": "0"})
    ran = run("analyze", pgn_file("Morphy - Duke Karl"))
    assert ran.exit_code == ExitCode.SERVER
    assert "The server said no (429): 2 are unfinished. [queue_limit_reached]" in ran.stderr
    assert "knight-vision cancel GAME" in ran.stderr


def test_a_token_that_expires_while_waiting_leaves_a_hint_to_the_analysis(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    api.answer_next("/analysis/status", 401, {"code": "unauthorized", "detail": "The token has expired."})
    ran = run("analyze", pgn_file("Morphy - Duke Karl"))
    assert ran.exit_code == ExitCode.TOKEN
    assert ran.stderr.endswith(f"knight-vision status {next(iter(api.games))}\n")


@pytest.mark.parametrize("name", ["missing.pgn", "empty.pgn", "folder"])
def test_a_file_without_pgn_is_found_before_anything_is_sent(
    api: FakeApi, run: Run, pgn_file: PgnFile, tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty.pgn").write_text(" \n")
    (tmp_path / "folder").mkdir()
    ran = run("analyze", pgn_file("Morphy - Duke Karl"), str(tmp_path / name))
    assert ran.exit_code == ExitCode.USAGE
    assert name in ran.stderr
    assert api.requests == []


def test_empty_standard_input_is_told(api: FakeApi, run: Run) -> None:
    ran = run("analyze", "-")
    assert ran.exit_code == ExitCode.USAGE
    assert "Standard input is empty" in ran.stderr


def test_a_folder_that_cannot_be_made_is_found_before_anything_is_sent(
    api: FakeApi, run: Run, pgn_file: PgnFile
) -> None:
    path = pgn_file("Morphy - Duke Karl")
    ran = run("analyze", path, "--out", path)
    assert ran.exit_code == ExitCode.USAGE
    assert "Cannot make the folder" in ran.stderr
    assert api.requests == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("analyze",),
        ("analyze", "x.pgn", "--until", "tomorrow"),
        ("analyze", "x.pgn", "--no-wait", "--out", "x"),
        ("analyze", "x.pgn", "--timeout", "0"),
        ("report", "x", "--json", "--pgn"),
        ("games", "--limit", "0"),
        ("annotate",),
    ],
)
def test_wrong_usage_is_told(api: FakeApi, run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.exit_code == ExitCode.USAGE
    assert "Usage: " in ran.stderr
    assert api.requests == []


def test_every_exit_code_is_documented(run: Run) -> None:
    told = run("--help").stdout
    documented = (Path(__file__).parents[3] / "docs" / "cli.md").read_text()
    for code in ExitCode:
        assert f"\n    {int(code)} " in told
        assert f"| {int(code)} |" in documented


def test_the_token_travels_as_bearer_and_only_there(api: FakeApi, run: Run) -> None:
    run("games")
    assert api.requests[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in api.requests[0].path
