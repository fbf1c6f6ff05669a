"""The `operations` commands: for operators, the queue in numbers and the analyses that were given up."""

from __future__ import annotations

from typing import Annotated

import typer

from knight_vision_cli.errors import ExitCode
from knight_vision_cli.session import (
    DEFAULT_URL,
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

app = typer.Typer(
    help="For operators: the queue in numbers, and the analyses that were given up.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def metrics(
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = "",
    timeout: TimeoutOption = 30.0,
    as_json: JsonOption = False,
) -> None:
    """Show the queue now and in the last hour."""
    from knight_vision_cli.operations_summary import print_metrics

    with connected(url, token, timeout) as client:
        answer = client.metrics()
        if as_json:
            print_json(answer.json)
        else:
            print_metrics(results(), answer)
        for problem in answer.problems:
            messages().print(f"Not all numbers could be had: {problem}", soft_wrap=True)


@app.command("dead-letters")
def dead_letters(
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = "",
    timeout: TimeoutOption = 30.0,
    limit: Annotated[int, typer.Option(min=1, help="At most this many, the last failed first.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """List the analyses that were given up."""
    from knight_vision_cli.operations_summary import print_dead_letters

    with connected(url, token, timeout) as client:
        letters = list(client.dead_letters(limit))
        if as_json:
            print_json([letter.json for letter in letters])
        elif letters:
            print_dead_letters(results(), letters)
        else:
            messages().print("No analysis was given up.")


@app.command()
def redrive(
    games: Annotated[list[str] | None, typer.Argument(metavar="GAME...", help="Ids of games.")] = None,
    url: UrlOption = DEFAULT_URL,
    token: TokenOption = "",
    timeout: TimeoutOption = 30.0,
    every: Annotated[bool, typer.Option("--all", help="Every analysis that was given up.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Start analyses again that were given up."""
    from knight_vision_cli.text import count

    if every == bool(games):
        raise typer.BadParameter("name games, or give --all", param_hint="GAME...")
    with connected(url, token, timeout) as client:
        chosen = [letter.game_id for letter in client.dead_letters(None)] if every else list(games or ())
        begun = client.redrive(chosen)
        if as_json:
            print_json({"redriven": len(begun), "game_ids": begun})
        else:
            results().print(f"{count(len(begun), 'game')} started again.")
        left_out = [] if every else [game for game in dict.fromkeys(chosen) if game not in begun]
        for game in left_out:
            messages().print(f"{game}: left out, its analysis was not given up.", soft_wrap=True)
        raise typer.Exit(ExitCode.FAILED if left_out else ExitCode.OK)
