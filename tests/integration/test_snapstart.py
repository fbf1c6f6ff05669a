"""The API started from a snapshot, with AWS's own runtime client against a small server of the runtime API.

Lambda's emulator knows no snapshots, so the server here plays the four calls that matter: restore, next,
response, error.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EVENT = json.loads((ROOT / "tests/events/ApiFunction-health.json").read_text())
MODULES = (
    "import sys, json; from api import handler;"
    "from api.warm_up import load_what_requests_need; load_what_requests_need(handler.handle);"
    "from knight_vision import bootstrap;"
    "loaded = set(sys.modules);"
    "answer = handler.handle(json.loads(sys.argv[1]), None);"
    "print(json.dumps([answer['statusCode'], sorted(set(sys.modules) - loaded),"
    " bootstrap.settings.cache_info().currsize]))"
)


@dataclass
class World:
    """Everything outside the function: the runtime API, and whatever else is called, in order."""

    calls: list[str] = field(default_factory=list)
    answers: queue.Queue[dict[str, Any]] = field(default_factory=queue.Queue)
    port: int = 0


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    is_asked, is_over = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            world.calls.append(self.path)
            if self.path.endswith("/invocation/next"):
                if is_asked.is_set():
                    is_over.wait(60)  # one request is enough
                    return
                is_asked.set()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793")
            self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
            self.send_header("Lambda-Runtime-Deadline-Ms", "99999999999999")
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn")
            body = json.dumps(EVENT).encode() if self.path.endswith("/invocation/next") else b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            world.calls.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            world.answers.put({"path": self.path, "body": json.loads(body or b"null")})
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield world
    is_over.set()
    server.shutdown()
    server.server_close()


def variables(world: World) -> dict[str, str]:
    here = f"127.0.0.1:{world.port}"
    return {
        **os.environ,
        "AWS_LAMBDA_RUNTIME_API": here,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
        "AWS_LAMBDA_FUNCTION_NAME": "api",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_ENDPOINT_URL": f"http://{here}",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
        "SUPABASE_URL": f"http://{here}",
        "SUPABASE_PUBLISHABLE_KEY": "x",
        "SUPABASE_SECRET_KEY_PARAMETER": "/secret",
        "REDIS_URL": f"redis://{here}",
        "EVENT_BUS_NAME": "bus",
    }


def test_nobody_is_called_before_the_snapshot_and_requests_are_answered_after_it(world: World) -> None:
    command = [sys.executable, "-m", "awslambdaric", "api.handler.lambda_handler"]
    process = subprocess.Popen(command, cwd=ROOT / "functions", env=variables(world))
    try:
        answer = world.answers.get(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert answer["path"].endswith("/invocation/1/response"), answer
    assert answer["body"]["statusCode"] == 200
    # No secret, no database, no queue: a copy may be started weeks after the snapshot.
    assert world.calls[:2] == ["/2018-06-01/runtime/restore/next", "/2018-06-01/runtime/invocation/next"]


def test_requests_find_all_they_need_in_the_snapshot(world: World) -> None:
    environment = variables(world)
    found = subprocess.run(
        [sys.executable, "-c", MODULES, json.dumps(EVENT)],
        cwd=ROOT / "functions",
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    status, loaded, settings_read = json.loads(found.stdout.splitlines()[-1])
    assert (status, loaded, settings_read) == (200, [], 0)
    assert world.calls == []


def test_copies_of_a_snapshot_draw_other_random_numbers() -> None:
    code = (
        "import random, api.handler; from snapshot_restore_py import get_after_restore;"
        "state = random.getstate();"
        "[call(*args, **options) for call, args, options in get_after_restore()];"
        "print(state != random.getstate())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "functions", capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["True"]
