"""Error answers told to the user: RFC 9457 problems, API Gateway's own messages, and anything else."""

from __future__ import annotations

from typing import Any

import httpx

from knight_vision_cli.errors import ApiError, ExitCode
from knight_vision_cli.text import clean

__all__ = ["error_of", "json_of", "reason_of"]

LONGEST_DETAIL = 500
"""Characters of a server's explanation that are shown."""


def error_of(answer: httpx.Response) -> ApiError:
    """The error to raise for an answer that is not a success."""
    fields = json_of(answer)
    status, code = answer.status_code, text_of(fields, "code")
    exit_code, opening, hint = ExitCode.SERVER, f"The server said no ({status})", ""
    if code == "forbidden":
        exit_code, opening = ExitCode.TOKEN, "You are not an operator"
    elif code == "analysis_final":
        opening, hint = "Nothing to cancel", "`knight-vision report GAME` shows what was found."
    elif code == "queue_limit_reached":
        hint = "Wait until some are done, or end some with `knight-vision cancel GAME`."
    elif status in (401, 403):
        exit_code, opening = ExitCode.TOKEN, "The server refused the token"
        hint = "Set a valid one with --token or KNIGHT_VISION_TOKEN; a token is valid for a limited time."
    elif code in ("game_not_found", "analysis_not_found"):
        exit_code, opening = ExitCode.NOT_FOUND, "Not found"
        hint = "`knight-vision games` lists your games, `knight-vision analyze FILE` asks for an analysis."
    elif status == 404:
        hint = "Is it a Knight Vision server? Check --url."
    elif status == 413:
        opening = "The file is too large for the server"
        hint = "Split it into smaller files."
    return ApiError(
        f"{opening}: {reason_of(answer)}{marks_of(fields)}", exit_code, hint, status=status, code=code
    )


def reason_of(answer: httpx.Response) -> str:
    """What the server says went wrong, or the meaning of its status when it says nothing."""
    fields = json_of(answer)
    # API Gateway itself answers {"message": …}, a few of its errors {"Message": …}.
    for name in ("detail", "title", "message", "Message"):
        if text := text_of(fields, name):
            return text[:LONGEST_DETAIL]
    return clean(answer.reason_phrase) or f"status {answer.status_code}"


def marks_of(fields: dict[str, Any]) -> str:
    """What finds the error in the documentation and in the server's log."""
    marks = [text_of(fields, "code")]
    if request_id := text_of(fields, "request_id"):
        marks.append(f"request {request_id}")
    shown = ", ".join(filter(None, marks))
    return f" [{shown}]" if shown else ""


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """The answer's object, empty when it is none."""
    try:
        fields = answer.json()
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def text_of(fields: dict[str, Any], name: str) -> str:
    """A text field, safe to print; empty when there is none."""
    value = fields.get(name)
    return clean(value) if isinstance(value, str) else ""
