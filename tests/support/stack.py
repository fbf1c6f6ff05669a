"""A local stack for tests: `python -m infra.local up` in a process of its own, as a developer runs it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from infra.local.http import request
from infra.local.process import die_with_parent
from tests.support.wait import wait_until

__all__ = ["MARKER", "ROOT", "Invocation", "LocalStack"]

ROOT = Path(__file__).parents[2]
MARKER = "KNIGHT_VISION_STACK"
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 30.0


class Invocation:
    """What a function answered to a synchronous call."""

    def __init__(self, answer: httpx.Response) -> None:
        self.error = answer.headers.get("x-amz-function-error")
        """None, `Handled` or `Unhandled`."""
        self.payload: Any = answer.json()


class LocalStack:
    """A running local stack. Use as a context manager, or `start` and `stop`."""

    def __init__(
        self,
        *,
        parameters: Mapping[str, str] | None = None,
        template: Path | None = None,
        workers: int | None = None,
        data: Path | None = None,
    ) -> None:
        """`parameters` override those of the template; `workers`: simultaneous executions per phase."""
        self.parameters = dict(parameters or {})
        self.template = template
        self.workers = workers
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None
        self.ready: dict[str, Any] = {}

    def start(self) -> None:
        """Return when the stack serves. Raises ChildProcessError with its output when it does not."""
        with tempfile.TemporaryDirectory(prefix="knight-vision-test-") as folder:
            ready_file, output_file = Path(folder) / "ready.json", Path(folder) / "output"
            with output_file.open("wb") as output:
                self.process = subprocess.Popen(
                    self.command(ready_file),
                    cwd=ROOT,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=die_with_parent(),
                )
            deadline = time.monotonic() + START_TIMEOUT_S
            while not ready_file.exists():
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise ChildProcessError(f"the local stack did not start:\n{output_file.read_text()}")
                time.sleep(0.02)
            self.ready = json.loads(ready_file.read_text())

    def command(self, ready_file: Path) -> list[str]:
        """The command line."""
        command = [sys.executable, "-m", "infra.local", "up", "--ready-file", str(ready_file)]
        for name, value in self.parameters.items():
            command += ["--param", f"{name}={value}"]
        for option, given in (("template", self.template), ("workers", self.workers), ("data", self.data)):
            if given is not None:
                command += [f"--{option}", str(given)]
        return command

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int | None:
        """Send a signal and wait for the end; returns the exit code, None when nothing ran."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise

    def __enter__(self) -> LocalStack:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def id(self) -> str:
        """The value of MARKER in the environment of every process of this stack."""
        return str(self.ready["id"])

    @property
    def api_url(self) -> str:
        """Base URL of the HTTP API."""
        return str(self.ready["api_url"])

    @property
    def supabase_url(self) -> str:
        """Base URL of the Supabase project."""
        return str(self.ready["supabase_url"])

    def sign_up(self, email: str | None = None, password: str | None = None) -> tuple[str, str]:
        """A new user's id and access token."""
        answer = request(
            "POST",
            f"{self.supabase_url}/auth/v1/signup",
            headers={"apikey": self.ready["supabase_publishable_key"]},
            json={
                "email": email or f"{uuid.uuid4().hex}@example.com",
                "password": password or uuid.uuid4().hex,
            },
        )
        answer.raise_for_status()
        session = answer.json()
        return session["user"]["id"], session["access_token"]

    def make_operator(self, user_id: str) -> None:
        """Give a user the operator's right, as the project's owner does it."""
        request(
            "PATCH",
            f"{self.supabase_url}/rest/v1/profiles",
            headers={"apikey": self.ready["supabase_secret_key"]},
            params={"user_id": f"eq.{user_id}"},
            json={"is_operator": True},
        ).raise_for_status()

    def client(self, token: str | None = None) -> httpx.Client:
        """An HTTP client of the API, as the user with the token; to be closed by the caller."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.api_url, headers=headers, timeout=60, verify=False)

    def invoke(self, function: str, event: Mapping[str, Any] | None = None) -> Invocation:
        """Call a function of the template synchronously."""
        answer = self.control("POST", f"/functions/{function}/invocations", json=dict(event or {}))
        return Invocation(answer)

    def invoke_later(self, function: str, event: Mapping[str, Any] | None = None) -> None:
        """Call a function of the template asynchronously."""
        headers = {"X-Amz-Invocation-Type": "Event"}
        self.control("POST", f"/functions/{function}/invocations", json=dict(event or {}), headers=headers)

    def function_state(self, function: str) -> dict[str, Any]:
        """Limit, calls, failures, and the process ids of busy and idle environments of a function."""
        return dict(self.control("GET", "/state").json()["functions"][function])

    def part(self, name: str, action: str) -> None:
        """Run an action (start, stop, kill, restart, pause, resume) of `valkey`, `supabase`, `bus` or
        `schedules`, as far as the part has it."""
        self.control("POST", f"/parts/{name}/{action}")

    @contextlib.contextmanager
    def without_events(self) -> Iterator[None]:
        """The next events, one at least, are accepted and lost. Unlike a stopped bus, whose process also
        keeps the secrets of functions that start meanwhile, this troubles nobody else."""
        self.control("PUT", "/parts/bus/faults", json={"drop": 1.0})
        try:
            yield
            # They travel for a while: what was sent in here shall not arrive out there.
            wait_until(self.lost_events, every_s=0.1, description="an event is lost")
            while self.lost_events(within_s=0.5):
                pass
        finally:
            self.control("PUT", "/parts/bus/faults", json={})

    def lost_events(self, within_s: float = 0.0) -> int:
        """Events lost since the last time that somebody asked, and in the time to come."""
        time.sleep(within_s)
        return int(self.control("PUT", "/parts/bus/faults", json={"drop": 1.0}).json().get("dropped", 0))

    @contextlib.contextmanager
    def without_schedules(self) -> Iterator[None]:
        """Nobody but the test calls the sweeper."""
        self.part("schedules", "pause")
        try:
            yield
        finally:
            self.part("schedules", "resume")

    def sweep_until_woken(self) -> None:
        """Call the sweeper until it calls for lost work: the lost call counts as on its way for a while."""
        wait_until(
            lambda: self.invoke("SweeperFunction").payload["woken"] >= 1,
            timeout_s=60,
            every_s=0.5,
            description="the sweeper calls again",
        )

    def wait_until_idle(self) -> None:
        """Return when no function but the API is at work: none takes up what is queued next, or calls for it,
        unasked."""
        wait_until(
            lambda: (
                not any(
                    state["busy"]
                    for name, state in self.control("GET", "/state").json()["functions"].items()
                    if name != "ApiFunction"
                )
            ),
            timeout_s=60,
            every_s=0.05,
            description="no function is at work",
        )

    def control(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """The answer of the control port. Raises httpx.HTTPStatusError."""
        answer = request(method, self.ready["control_url"] + path, timeout_s=300, **arguments)
        return answer.raise_for_status()
