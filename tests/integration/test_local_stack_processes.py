"""Whole local stacks: side by side, and gone without a trace however they end."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.process import processes_with_env
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


def test_two_stacks_side_by_side_share_nothing() -> None:
    with LocalStack() as one, LocalStack() as other:
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


def test_a_template_that_does_not_fit_ends_the_start_with_a_reason() -> None:
    with pytest.raises(ChildProcessError, match="RedisMode must be one of"):
        LocalStack(parameters={"RedisMode": "sentinel"}).start()
