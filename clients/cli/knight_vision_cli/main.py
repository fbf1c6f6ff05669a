"""The `knight-vision` command: a client of the Knight Vision HTTP API.

Results go to standard output, progress and errors to standard error. Exit codes:
0 done; 1 an analysis failed, or a game was refused or left out; 2 wrong usage, or a file that cannot be read
or written; 3 no server answers; 4 the token is missing, refused, or not an operator's; 5 no such game or
analysis; 6 the server said no for another reason; 130 interrupted.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from knight_vision_cli import operations
from knight_vision_cli.errors import ClientError, ExitCode
from knight_vision_cli.session import (
    DEFAULT_URL,
    GameArgument,
    JsonOption,
    TimeoutOption,
    TokenOption,
    UrlOption,
    connected,
    messages,
    print_json,
    results,
)

__all__ = ["app"]

EXIT_CODES = """\b
Exit codes:
  0    done
  1    an analysis failed, or a game was refused or left out
  2    wrong usage, or a file that cannot be read or written
  3    no server answers
  4    the token is missing, was refused, or is not an operator's
  5    no such game, or nobody asked for its analysis
  6    the server said no for another reason
  130  interrupted; what was accepted goes on at the server"""

app = typer.Typer(
    name="knight-vision",
    help="Analyse chess games with a Knight Vision server.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    # A traceback with local variables could show the token.
    pretty_exceptions_enable=False,
)

app.add_typer(operations.app, name="operations")


class Until(StrEnum):
    """Phases to wait for."""

    INITIAL = "initial"
    INTERMEDIATE = "intermediate"
    COMPLETE = "complete"


@app.command()
def analyze(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="PGN files; - is standard input.")],
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = "",
    timeout: TimeoutOption = 30.0,
    until: Annotated[Until, typer.Option(help="Wait until this phase is finished.")] = Until.COMPLETE,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Ask for the analyses and return.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write each game's PGN and report here.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse the games of PGN files and print what was found."""
    from knight_vision_cli import analyze as steps
    from knight_vision_cli.files import make_folder, read_sources
    from knight_vision_cli.follow import follow, request_analyses
    from knight_vision_cli.progress import view_for

    if no_wait and out:
        raise typer.BadParameter("with --no-wait there is nothing to write yet", param_hint="--out")
    with connected(url, token, timeout) as client:
        contents = read_sources(files)
        if out:
            make_folder(out)
        submission = steps.submit(client, contents, until, messages())
        with steps.hinting(submission.games):
            with view_for(messages()) as view, steps.retries_told_to(view, client):
                if no_wait:
                    request_analyses(client, submission.games)
                else:
                    follow(client, submission.games, view)
            written = steps.save(client, submission.games, out) if out else {}
        if as_json:
            print_json(steps.document_of(submission, written))
        else:
            steps.print_results(results(), submission, written)
        raise typer.Exit(submission.exit_code)


@app.command()
def status(
    game: GameArgument,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = "",
    timeout: TimeoutOption = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Show how far the analysis of a game is."""
    from knight_vision_cli.summary import print_status

    with connected(url, token, timeout) as client:
        answer = client.status(game)
        if as_json:
            print_json(answer.json)
        else:
            print_status(results(), answer)
        raise typer.Exit(ExitCode.FAILED if answer.has_failed else ExitCode.OK)


@app.command()
def cancel(
    game: GameArgument,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = "",
    timeout: TimeoutOption = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Cancel the analysis of a game; what is finished of it stays readable."""
    from knight_vision_cli.summary import print_status

    with connected(url, token, timeout) as client:
        answer = client.cancel(game)
        if as_json:
            print_json(answer.json)
        else:
            print_status(results(), answer)


@app.command()
def report(
    game: GameArgument,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = "",
    timeout: TimeoutOption = 30.0,
    as_json: JsonOption = False,
    as_pgn: Annotated[bool, typer.Option("--pgn", help="Print the annotated game.")] = False,
) -> None:
    """Show the best finished phase of a game's analysis."""
    from knight_vision_cli.summary import print_report
    from knight_vision_cli.text import clean_pgn

    if as_json and as_pgn:
        raise typer.BadParameter("choose one of --json and --pgn", param_hint="--pgn")
    with connected(url, token, timeout) as client:
        if as_pgn:
            typer.echo(clean_pgn(client.annotated_pgn(game).decode("utf-8", "replace")))
            return
        analysis = client.analysis(game)
        if analysis.report is None:
            hint = f"`knight-vision status {game}` shows how far it is."
            raise ClientError("No phase of the analysis is finished yet.", ExitCode.NOT_FOUND, hint)
        if as_json:
            print_json(analysis.report.json)
        else:
            stored = client.game(game)
            print_report(results(), f"{stored.white} - {stored.black}", analysis.report)


@app.command()
def games(
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = "",
    timeout: TimeoutOption = 30.0,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, newest first.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List your games."""
    from knight_vision_cli.summary import print_games

    with connected(url, token, timeout) as client:
        found = list(client.games(limit))
        if as_json:
            print_json([game.json for game in found])
        elif found:
            print_games(results(), found)
        else:
            messages().print("No games yet. `knight-vision analyze FILE` adds some.")
