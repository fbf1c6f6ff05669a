"""A real HTTP server in front of another that keeps what it was sent: who asked what, with which keys."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

HOP_BY_HOP = (
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
    "content-encoding",
    "accept-encoding",
)


@dataclass(frozen=True)
class Recorded:
    """One request."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any
    """Of JSON, else None."""
    raw: str
    """All of it as one text, to look for secrets in."""


class RecordingProxy:
    """Passes every request on to `target` and keeps it. Use as a context manager."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.requests: list[Recorded] = []
        self.http = httpx.Client(timeout=30)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                passed = {name: text for name, text in self.headers.items() if name.lower() not in HOP_BY_HOP}
                proxy.requests.append(recorded(self.command, self.path, passed, body))
                answer = proxy.http.request(
                    self.command, f"{proxy.target}{self.path}", headers=passed, content=body
                )
                self.send_response(answer.status_code)
                for name, text in answer.headers.items():
                    if name not in HOP_BY_HOP:
                        self.send_header(name, text)
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def do_GET(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                self.answer()

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> RecordingProxy:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.http.close()


def recorded(method: str, target: str, headers: dict[str, str], body: bytes) -> Recorded:
    parts = urlsplit(target)
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    lowered = {name.lower(): text for name, text in headers.items()}
    raw = "\n".join([target, *(f"{name}: {text}" for name, text in headers.items()), body.decode("latin-1")])
    return Recorded(method, parts.path, parse_qs(parts.query), lowered, document, raw)
