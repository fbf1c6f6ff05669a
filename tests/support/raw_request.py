"""Requests that go out exactly as they are: no client tidies up the target or the headers first."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.support.stack import LocalStack

__all__ = ["Answer", "ask"]


@dataclass
class Answer:
    """What came back; headers by lower-case name."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def code(self) -> str:
        """Of a problem."""
        assert self.headers["content-type"] == "application/problem+json", self.text
        return str(json.loads(self.text)["code"])


def ask(
    stack: LocalStack,
    method: str,
    target: str,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    token: str = "",
) -> Answer:
    """The answer to a request with exactly this target and these headers, in this order."""
    at = urlsplit(stack.api_url)
    connection = http.client.HTTPConnection(at.hostname or "", at.port or 80, timeout=60)
    try:
        given = list(headers)
        names = {name.lower() for name, _ in given}
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        if "host" not in names:
            connection.putheader("Host", at.netloc)
        if token:
            connection.putheader("Authorization", f"Bearer {token}")
        for name, value in given:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return Answer(
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read().decode(errors="replace"),
        )
    finally:
        connection.close()
