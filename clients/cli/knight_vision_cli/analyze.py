"""The `analyze` command: submit files, follow their games, print summaries, write results."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from knight_vision_cli.answers import Verdict
from knight_vision_cli.api_client import ApiClient
from knight_vision_cli.errors import ApiError, ClientError, ExitCode
from knight_vision_cli.files import in_halves, name_of, write_results
from knight_vision_cli.follow import FollowedGame, View
from knight_vision_cli.summary import print_report
from knight_vision_cli.text import clean, count

__all__ = ["Submission", "document_of", "hinting", "print_results", "retries_told_to", "save", "submit"]

MOST_HINTED = 3
"""Games named in the hint after Ctrl-C; the list of games has the others."""


@dataclass
class Submission:
    """What became of the submitted files."""

    games: list[FollowedGame] = field(default_factory=list)
    """Accepted and duplicate games; a game that is in two files is followed once."""
    refused: list[tuple[str, Verdict]] = field(default_factory=list)
    """File and verdict."""

    @property
    def exit_code(self) -> ExitCode:
        """FAILED when a game was refused or an analysis failed."""
        failed = bool(self.refused) or any(game.has_failed for game in self.games)
        return ExitCode.FAILED if failed else ExitCode.OK


def submit(client: ApiClient, contents: Mapping[str, bytes], until: str, messages: Console) -> Submission:
    """Submit the files one by one and say which games were refused, or are there twice."""
    submission = Submission()
    for source, pgn in contents.items():
        followed = {game.verdict.game_id for game in submission.games}
        for verdict in verdicts_of(client, source, pgn):
            if verdict.verdict == "refused":
                submission.refused.append((source, verdict))
                reason = verdict.reason or "no reason given"
                messages.print(
                    f"{shown(source)}, game {verdict.index + 1}: refused: {reason}", soft_wrap=True
                )
            elif verdict.game_id in followed:
                messages.print(
                    f"{shown(source)}, game {verdict.index + 1}: the same as one before, analysed once",
                    soft_wrap=True,
                )
            else:
                followed.add(verdict.game_id)
                submission.games.append(FollowedGame(source, verdict, until))
    if len(submission.games) > 1:
        for number, game in enumerate(submission.games, start=1):
            game.number = number
    return submission


def shown(source: str) -> str:
    """A file's name as it is shown."""
    return "standard input" if source == "-" else clean(source)


def verdicts_of(client: ApiClient, source: str, pgn: bytes, first: int = 0) -> list[Verdict]:
    """Verdicts for the games of one file, the first of them being number `first`.

    A text that the server finds too large is sent in halves. Raises ApiError when one game alone is.
    """
    try:
        return [replace(verdict, index=verdict.index + first) for verdict in client.submit(pgn)]
    except ApiError as error:
        if error.code == "invalid_game":  # a text without any game is refused as a whole
            return [Verdict(first, "refused", "", "", "", 0, str(error))]
        if error.status != 413:
            raise
        halves = in_halves(pgn)
        if halves is None:
            size = f"{shown(source)} ({len(pgn) / 1024:,.0f} KiB)"
            raise ApiError(f"{size}: {error}", error.exit_code, error.hint, status=413) from error
        verdicts = verdicts_of(client, source, halves[0], first)
        return verdicts + verdicts_of(client, source, halves[1], first + len(verdicts))


@contextmanager
def retries_told_to(view: View, client: ApiClient) -> Iterator[None]:
    """While the view is drawn, it shows why calls are tried again: anything printed would tear it."""
    before, client.on_retry = client.on_retry, view.notice
    try:
        yield
    finally:
        client.on_retry = before


def save(client: ApiClient, games: Sequence[FollowedGame], folder: Path) -> dict[str, list[str]]:
    """Write each game that has a report; the paths by game id."""
    taken: set[str] = set()
    written = {}
    for game in games:
        if game.report:
            game_id = game.verdict.game_id
            name = name_of(game.verdict.players, game_id, taken)
            paths = write_results(folder, name, client.annotated_pgn(game_id), game.report.json)
            written[game_id] = [str(path) for path in paths]
    return written


def print_results(console: Console, submission: Submission, written: Mapping[str, Sequence[str]]) -> None:
    """A summary for each game, with why it is not complete where it is not."""
    for number, game in enumerate(submission.games):
        if number:
            console.print()
        if game.report:
            print_report(console, game.title, game.report)
        else:
            console.print(game.title, style="bold")
        state = game.status.state if game.status else "not asked for"
        if game.has_failed:
            reason = game.lost or (game.status.failure if game.status else "")
            console.print(
                f"  Analysis {'lost' if game.lost else state}" + (f": {reason}" if reason else ""),
                style="red",
            )
        elif not game.report:
            console.print(f"  {game.verdict.game_id}  {state}", soft_wrap=True)
        for path in written.get(game.verdict.game_id, ()):
            console.print(f"  wrote {clean(path)}", soft_wrap=True)
    if len(submission.games) + len(submission.refused) > 1:
        failed = sum(game.has_failed for game in submission.games)
        parts = [count(len(submission.games), "game")]
        parts += [f"{failed} failed"] if failed else []
        parts += [f"{len(submission.refused)} refused"] if submission.refused else []
        console.print()
        console.print(", ".join(parts))


def document_of(submission: Submission, written: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """All results for a machine."""
    games: list[dict[str, Any]] = [
        {
            "file": game.source,
            "index": game.verdict.index,
            "verdict": game.verdict.verdict,
            "id": game.verdict.game_id,
            "players": game.verdict.players,
            "status": game.status.json if game.status else None,
            "report": game.report.json if game.report else None,
            "lost": game.lost or None,
            "written": list(written.get(game.verdict.game_id, ())),
        }
        for game in submission.games
    ]
    refused = [
        {"file": source, "index": verdict.index, "verdict": "refused", "reason": verdict.reason}
        for source, verdict in submission.refused
    ]
    return {"games": games, "refused": refused}


@contextmanager
def hinting(games: Sequence[FollowedGame]) -> Iterator[None]:
    """When following ends before the analyses do, tell how to look at them: they go on."""
    try:
        yield
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would cut the hint short
        raise ClientError("Interrupted.", ExitCode.INTERRUPTED, hint_of(games)) from None
    except ClientError as error:
        error.hint = "\n".join(filter(None, (error.hint, hint_of(games))))
        raise


def hint_of(games: Sequence[FollowedGame]) -> str:
    """How to look at the analyses that are not done; empty when the server ends with us."""
    if os.environ.get("KNIGHT_VISION_EPHEMERAL"):
        return ""
    open_games = [game for game in games if game.status and not game.status.is_final]
    commands = [f"  knight-vision status {game.verdict.game_id}" for game in open_games[:MOST_HINTED]]
    if len(open_games) > MOST_HINTED:
        commands.append("  knight-vision games")
    return "\n".join(["The analysis goes on at the server. Look at it with:", *commands]) if commands else ""
