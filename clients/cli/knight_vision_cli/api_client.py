"""The HTTP API as functions: one call for each operation of docs/protocol.md that the client uses.

Every failure is raised as a ClientError with its exit code and a message for the user. Calls are safe to
repeat (the protocol's operations are idempotent), so passing troubles are tried again a few times.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx

from knight_vision_cli.answers import Analysis, Game, Status, Verdict
from knight_vision_cli.errors import ClientError, ExitCode
from knight_vision_cli.fields import objects, optional
from knight_vision_cli.operations_answers import DeadLetter, Metrics, redriven_of
from knight_vision_cli.problems import error_of, json_of, reason_of
from knight_vision_cli.text import clean, duration

__all__ = ["ApiClient"]

PGN = "application/x-chess-pgn"
TRIES = 5
"""Times a call is made before a passing trouble counts as lasting."""
FIRST_RETRY_S = 0.5
"""Wait before the second try when the server names no time; doubled each time."""
LONGEST_RETRY_S = 30.0
"""Longest wait before a next try, whatever the server asks for."""
PASSING = (429, 502, 503, 504)
"""API Gateway answers with all of them while functions are throttled or replaced."""
PAGE_SIZE = 50
"""Items asked for at once when listing."""
MOST_REDRIVEN = 100
"""Analyses that the server starts again in one call."""

T = TypeVar("T")


class ApiClient:
    """A connection to one server as one user."""

    def __init__(self, url: str, token: str, timeout_s: float, on_retry: Callable[[str], None]) -> None:
        self.url = url
        self.on_retry = on_retry
        """Told in words why a call is tried again."""
        self._timeout_s = timeout_s
        self._has_answered = False
        self._http = httpx.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}", "User-Agent": "knight-vision-cli"},
            timeout=timeout_s,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def submit(self, pgn: bytes) -> list[Verdict]:
        """Store the games of a PGN text; one verdict for each, also when all are refused."""
        answer = self._ask("POST", "/v1/games", content=pgn, headers={"Content-Type": PGN}, also=422)
        if answer.status_code == 422 and "games" not in json_of(answer):
            raise error_of(answer)
        return self._read(answer, verdicts_of)

    def request_analysis(self, game_id: str) -> Analysis:
        """Ask for a game's analysis; joins the one that is there."""
        return self._read_analysis(self._ask("POST", f"{path_of(game_id)}/enhanced-annotate"))

    def analysis(self, game_id: str) -> Analysis:
        """The best finished phase and the status, of one moment."""
        return self._read_analysis(self._ask("GET", f"{path_of(game_id)}/analysis"))

    def annotated_pgn(self, game_id: str) -> bytes:
        """The game with the best finished phase's evaluations and judgements in PGN."""
        return self._ask("GET", f"{path_of(game_id)}/analysis", headers={"Accept": PGN}).content

    def status(self, game_id: str) -> Status:
        """How far the analysis is."""
        answer = self._ask("GET", f"{path_of(game_id)}/analysis/status")
        return self._read(answer, lambda fields: Status.of(fields, retry_after(answer)))

    def cancel(self, game_id: str) -> Status:
        """Cancel the analysis; the status afterwards."""
        return self._read(self._ask("DELETE", f"{path_of(game_id)}/analysis"), Status.of)

    def game(self, game_id: str) -> Game:
        """One game."""
        return self._read(self._ask("GET", path_of(game_id)), Game.of)

    def games(self, at_most: int) -> Iterator[Game]:
        """The user's games, newest first, fetched page by page."""
        return self._pages("/v1/games", at_most, page_of)

    def metrics(self) -> Metrics:
        """For operators: the queue in numbers."""
        return self._read(self._ask("GET", "/v1/operations/metrics"), Metrics.of)

    def dead_letters(self, at_most: int | None) -> Iterator[DeadLetter]:
        """For operators: analyses that were given up, the last one first; all of them when None."""
        return self._pages("/v1/operations/dead-letters", at_most, dead_letters_of)

    def redrive(self, game_ids: Sequence[str]) -> list[str]:
        """For operators: start analyses again that were given up; those for which that was done."""
        begun: list[str] = []
        for first in range(0, len(game_ids), MOST_REDRIVEN):
            body = json.dumps({"game_ids": list(game_ids[first : first + MOST_REDRIVEN])}).encode()
            headers = {"Content-Type": "application/json"}
            answer = self._ask("POST", "/v1/operations/dead-letters/redrive", content=body, headers=headers)
            begun += self._read(answer, redriven_of)
        return begun

    def _pages(
        self,
        path: str,
        at_most: int | None,
        read: Callable[[dict[str, Any]], tuple[list[T], str | None]],
    ) -> Iterator[T]:
        """The items of a list, up to so many, fetched page by page."""
        left, cursor = at_most, None
        while left is None or left > 0:
            size = PAGE_SIZE if left is None else min(left, PAGE_SIZE)
            parameters = {"limit": str(size)} | ({"cursor": cursor} if cursor else {})
            items, cursor = self._read(self._ask("GET", path, params=parameters), read)
            yield from items[:left]
            left = None if left is None else left - len(items)
            if not cursor or not items:
                return

    def _ask(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        also: int | None = None,
    ) -> httpx.Response:
        """The answer to a request, if it is a success or the one other status the caller understands."""
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._http.request(method, path, content=content, headers=headers, params=params)
            except httpx.RequestError as error:
                # A server that never answered is not there; one that did may be coming back.
                if attempt == TRIES or not self._has_answered:
                    raise self._unreachable(error) from error
                reason, wait_s = transport_reason(error), None
            else:
                self._has_answered = True
                if answer.is_success or answer.status_code == also:
                    return answer
                if attempt == TRIES or answer.status_code not in PASSING:
                    raise error_of(answer)
                reason, wait_s = reason_of(answer), retry_after(answer)
            if wait_s is None:
                wait_s = FIRST_RETRY_S * 2 ** (attempt - 1)
            wait_s = min(wait_s, LONGEST_RETRY_S)
            self.on_retry(f"{reason.rstrip('.')}; trying again in {duration(wait_s)}")
            time.sleep(wait_s)
        raise AssertionError("the last try returns or raises")

    def _unreachable(self, error: httpx.RequestError) -> ClientError:
        if isinstance(error, httpx.TimeoutException) and not isinstance(error, httpx.ConnectTimeout):
            message = f"{self.url} did not answer within {self._timeout_s:g} s."
            return ClientError(message, ExitCode.UNREACHABLE, "Set --timeout to wait longer for an answer.")
        return ClientError(
            f"Cannot reach {self.url}: {transport_reason(error)}.",
            ExitCode.UNREACHABLE,
            "Is the server running? Start one with `make dev` and paste the lines it prints, "
            "or set --url to where it is.",
        )

    def _read_analysis(self, answer: httpx.Response) -> Analysis:
        return self._read(answer, lambda fields: Analysis.of(fields, retry_after(answer)))

    def _read(self, answer: httpx.Response, read: Callable[[dict[str, Any]], T]) -> T:
        """The answer as a value. Raises ClientError when it is not what the protocol promises."""
        fields = json_of(answer)
        if not fields:
            kind = answer.headers.get("Content-Type", "an unknown type").partition(";")[0]
            raise self._not_understood(f"{clean(kind)} where a JSON object was expected")
        try:
            return read(fields)
        except ValueError as error:
            raise self._not_understood(f"{error} in the answer to {answer.request.url.path}") from error

    def _not_understood(self, what: str) -> ClientError:
        return ClientError(
            f"The answer of {self.url} is not understood: {what}.",
            ExitCode.SERVER,
            "Is it a Knight Vision server? Check --url.",
        )


def verdicts_of(fields: dict[str, Any]) -> list[Verdict]:
    """The answer of `submit_games`."""
    return [Verdict.of(game) for game in objects(fields, "games")]


def page_of(fields: dict[str, Any]) -> tuple[list[Game], str | None]:
    """The answer of `list_games`: games and the cursor of the next page."""
    return [Game.of(game) for game in objects(fields, "games")], optional(fields, "next_cursor", str)


def dead_letters_of(fields: dict[str, Any]) -> tuple[list[DeadLetter], str | None]:
    """The answer of `list_dead_letters`: analyses and the cursor of the next page."""
    letters = [DeadLetter.of(letter) for letter in objects(fields, "dead_letters")]
    return letters, optional(fields, "next_cursor", str)


def path_of(game_id: str) -> str:
    """The path of a game; whatever was typed as its id stays one segment."""
    return f"/v1/games/{quote(game_id, safe='')}"


def retry_after(answer: httpx.Response) -> float | None:
    """The seconds after which the server wants to be asked again."""
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdecimal() else None


def transport_reason(error: httpx.RequestError) -> str:
    """Why no answer came, in plain words."""
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    cause = error.__cause__ or error.__context__
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ConnectionRefusedError):
        return "connection refused"
    return (
        cause.strerror if isinstance(cause, OSError) and cause.strerror else str(error)
    ) or "connection lost"
