"""The exit codes of the command line client and the errors that lead to them."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["ApiError", "ClientError", "ExitCode"]


class ExitCode(IntEnum):
    """What a command's exit code says."""

    OK = 0
    FAILED = 1
    """An analysis failed or was cancelled, or a game was refused or left out; everything else was done."""
    USAGE = 2
    """A wrong option, or a file that cannot be read or written."""
    UNREACHABLE = 3
    """No server answered at the URL, or not in time."""
    TOKEN = 4
    """The token is missing, was refused, or is not an operator's."""
    NOT_FOUND = 5
    """No such game of this user, or nobody asked for its analysis."""
    SERVER = 6
    """The server said no for another reason, or its answer was not understood."""
    INTERRUPTED = 130
    """Ctrl-C. What was accepted goes on at the server."""


class ClientError(Exception):
    """A command cannot go on. `str` is the message; `hint` what the user can do, or empty."""

    def __init__(self, message: str, exit_code: ExitCode, hint: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.hint = hint


class ApiError(ClientError):
    """The server answered with an error. `code` is the protocol's problem code, empty when it gave none."""

    def __init__(
        self, message: str, exit_code: ExitCode, hint: str = "", *, status: int = 0, code: str = ""
    ) -> None:
        super().__init__(message, exit_code, hint)
        self.status = status
        self.code = code
