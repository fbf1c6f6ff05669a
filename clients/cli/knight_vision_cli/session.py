"""What all commands share: options to reach a server, consoles, and errors turned into exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text

from knight_vision_cli.errors import ClientError, ExitCode

if TYPE_CHECKING:  # httpx is not needed for --help
    from knight_vision_cli.api_client import ApiClient

__all__ = [
    "DEFAULT_URL",
    "GameArgument",
    "JsonOption",
    "TimeoutOption",
    "TokenOption",
    "UrlOption",
    "connected",
    "messages",
    "print_json",
    "results",
]

DEFAULT_URL = "http://127.0.0.1:8000"
"""A server on this machine."""


def checked_url(url: str) -> str:
    """The base URL without its last slash. Raises BadParameter when it is none."""
    import httpx

    try:
        # Neither of the two finds all that is wrong.
        is_url = httpx.URL(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except (httpx.InvalidURL, ValueError):
        is_url = False
    if not is_url:
        raise typer.BadParameter(f"{url!r} is not like https://example.org or {DEFAULT_URL}.")
    return url.rstrip("/")


UrlOption = Annotated[
    str, typer.Option(envvar="KNIGHT_VISION_URL", callback=checked_url, help="Base URL of the server.")
]
TokenOption = Annotated[
    str, typer.Option(envvar="KNIGHT_VISION_TOKEN", show_default=False, help="Your Supabase user token.")
]
TimeoutOption = Annotated[
    float, typer.Option(min=0.1, metavar="SECONDS", help="Longest wait for one answer of the server.")
]

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
GameArgument = Annotated[str, typer.Argument(metavar="GAME", help="Id of a game.")]


def print_json(value: Any) -> None:
    """Print a value in ASCII: a terminal and a pipe of any encoding take it."""
    typer.echo(json.dumps(value, indent=1))


def results() -> Console:
    """Standard output. Prints texts as they are: nothing in them is markup."""
    return Console(markup=False, emoji=False, highlight=False)


def messages() -> Console:
    """Standard error, likewise."""
    return Console(stderr=True, markup=False, emoji=False, highlight=False)


@contextmanager
def connected(url: str, token: str, timeout_s: float) -> Iterator[ApiClient]:
    """A client of the server. A ClientError or Ctrl-C inside ends the command with its exit code."""
    from knight_vision_cli.api_client import ApiClient

    console = messages()
    try:
        with ApiClient(url, checked_token(token), timeout_s, lambda text: say(console, text)) as client:
            yield client
    except KeyboardInterrupt:
        console.print("Interrupted.")
        raise typer.Exit(ExitCode.INTERRUPTED) from None
    except ClientError as error:
        opening = "" if error.exit_code == ExitCode.INTERRUPTED else "Error: "
        say(console, Text.assemble((opening, "bold red"), str(error)))
        if error.hint:
            say(console, error.hint)
        raise typer.Exit(error.exit_code) from error


def say(console: Console, text: str | Text) -> None:
    """Print a message whole, whatever the terminal's width."""
    console.print(text, soft_wrap=True)


def checked_token(token: str) -> str:
    """A token that can be sent."""
    token = token.strip()
    if not token:
        hint = "Set it with --token or KNIGHT_VISION_TOKEN."
        raise ClientError("A token is needed.", ExitCode.TOKEN, hint)
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise ClientError("The token has characters that no token has.", ExitCode.TOKEN)
    return token
