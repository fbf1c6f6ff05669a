"""Whole local stacks: side by side, and gone without a trace however they end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.process import die_with_parent, processes_with_env
from tests.support.stack import MARKER, ROOT, LocalStack
from tests.support.wait import wait_until

GAME = (ROOT / "examples" / "kasparov-topalov-1999.pgn").read_text()


@pytest.fixture
def stack() -> Iterator[LocalStack]:
    """A stack whose first phase never ends by itself."""
    running = LocalStack(parameters={"InitialLimit": "nodes 1000000000"}, workers=1)
    running.start()
    yield running
    running.stop()


def processes(stack: LocalStack) -> list[int]:
    return processes_with_env(MARKER, stack.id)


def start_search(stack: LocalStack) -> None:
    """Return when the engine searches."""
    _, token = stack.sign_up()
    with stack.client(token) as client:
        submitted = client.post(
            "/v1/games", content=GAME, headers={"Content-Type": "application/x-chess-pgn"}
        )
        game = submitted.json()["games"][0]["id"]
        assert client.post(f"/v1/games/{game}/enhanced-annotate").status_code == 202

    def searches() -> bool:
        return any(len(pids) > 2 for pids in stack.function_state("InitialPhaseFunction")["busy"])

    wait_until(searches, timeout_s=30, description="the engine runs below the initial phase's function")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_a_stack_ends_in_the_middle_of_a_search(
    stack: LocalStack, number: signal.Signals
) -> None:
    start_search(stack)
    # Valkey, Supabase, moto; API and phases with an emulator and a function each; the engine.
    assert len(processes(stack)) > 8
    code = stack.stop(number)
    assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    wait_until(lambda: not processes(stack), timeout_s=10, description="all processes of the stack are gone")
    if number != signal.SIGKILL:
        assert not Path(stack.ready["data"]).exists()


def test_two_stacks_side_by_side_share_nothing_and_a_killed_ones_data_go_when_the_next_starts() -> None:
    killed = LocalStack()
    with LocalStack() as one:
        killed.start()
        killed.stop(signal.SIGKILL)
        assert Path(killed.ready["data"]).exists()
        with LocalStack() as other:
            assert not Path(killed.ready["data"]).exists()
            assert Path(one.ready["data"]).exists()
            share_nothing(one, other)


def share_nothing(one: LocalStack, other: LocalStack) -> None:
    assert one.id != other.id
    urls = ("api_url", "control_url", "supabase_url", "redis_url", "aws_endpoint_url", "data")
    assert not {one.ready[url] for url in urls} & {other.ready[url] for url in urls}
    _, token = one.sign_up()
    with one.client(token) as client:
        assert client.get("/v1/games").status_code == 200
        assert client.get("/health/ready").status_code == 200
    with other.client(token) as client:
        assert client.get("/v1/games").status_code == 401
    one.stop()
    with other.client() as client:
        assert client.get("/health/ready").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_of_an_interrupted_run(tmp_path: Path, number: signal.Signals) -> None:
    own = tmp_path.as_posix()
    command = [sys.executable, "-m", "infra.local", "run", "examples/kasparov-topalov-1999.pgn"]
    command += ["--out", str(tmp_path / "out"), "--param", "InitialLimit=nodes 1000000000"]
    with (tmp_path / "output").open("wb") as output:
        run = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "TEST_RUN": own},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
    wait_until(
        lambda: b"asked for" in (tmp_path / "output").read_bytes() or run.poll() is not None,
        timeout_s=60,
        description="the game was submitted",
    )
    stack_ids = {id_ for pid in processes_with_env("TEST_RUN", own) if (id_ := stack_id(pid))}
    assert len(stack_ids) == 1
    if number == signal.SIGINT:
        os.killpg(run.pid, number)  # as a terminal does: the client gets it, too
    else:
        run.kill()
    code = run.wait(30)
    assert code == (130 if number == signal.SIGINT else -signal.SIGKILL)

    def is_gone() -> bool:
        marks = [("TEST_RUN", own), *((MARKER, id_) for id_ in stack_ids)]
        return not any(processes_with_env(name, value) for name, value in marks)

    wait_until(is_gone, timeout_s=10, description="stack, client and engine are gone")


def stack_id(pid: int) -> str | None:
    """The id of the stack that a process belongs to."""
    try:
        entries = Path(f"/proc/{pid}/environ").read_text().split("\0")
    except OSError:
        return None
    return next((entry.split("=", 1)[1] for entry in entries if entry.startswith(f"{MARKER}=")), None)


def test_a_template_that_does_not_fit_ends_the_start_with_a_reason() -> None:
    with pytest.raises(ChildProcessError, match="RedisMode must be one of"):
        LocalStack(parameters={"RedisMode": "sentinel"}).start()
