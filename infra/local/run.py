"""`python -m infra.local run`: analyse games through a local stack of their own, as `make run` does."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.local.process import die_with_parent
from infra.local.stack import ROOT, Options, Stack
from infra.local.up import first_of, stop_requested

__all__ = ["run"]

INTERRUPTED = 130
COMMAND_GRACE_S = 5.0


async def run(options: Options, games: Sequence[str], out: Path) -> int:
    """Analyse PGN files as a new user; results go to `out`. Returns the exit code of the client."""
    stopping = stop_requested()
    stack = Stack(options)
    print("Starting the local stack …", end="", file=sys.stderr, flush=True)  # noqa: T201
    starting = asyncio.create_task(stack.start())
    try:
        await first_of(starting, stopping)
        if stopping.is_set():
            return INTERRUPTED
        await starting
        print(f" ready after {stack.timings_ms['start'] / 1000:.1f} s", file=sys.stderr, flush=True)  # noqa: T201
        return await analyze(stack, games, out, stopping)
    finally:
        if stopping.is_set():
            print("Stopping the local stack; nothing of it is kept.", file=sys.stderr, flush=True)  # noqa: T201
        await asyncio.gather(starting, return_exceptions=True)
        await stack.stop()


async def analyze(stack: Stack, games: Sequence[str], out: Path, stopping: asyncio.Event) -> int:
    """Run the client on the stack as a newly signed-up user."""
    user = await asyncio.to_thread(stack.sign_up_demo_user)
    environment = {
        **os.environ,
        "KNIGHT_VISION_URL": stack.ready["api_url"],
        "KNIGHT_VISION_TOKEN": user.token,
        "KNIGHT_VISION_EPHEMERAL": "1",  # this server ends with the command
    }
    # In this terminal's foreground, so that Ctrl-C reaches the client too; this is the main thread.
    client = subprocess.Popen(
        [ROOT / ".venv/bin/knight-vision", "analyze", *games, "--out", out],
        env=environment,
        preexec_fn=die_with_parent(),
    )
    waiting = asyncio.create_task(wait(client))
    await first_of(waiting, stopping)
    if not stopping.is_set():
        return client.returncode
    client.send_signal(signal.SIGINT)
    try:
        await asyncio.wait_for(asyncio.shield(waiting), COMMAND_GRACE_S)
    except TimeoutError:
        client.kill()
    await waiting
    return INTERRUPTED


async def wait(process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        await asyncio.sleep(0.02)
