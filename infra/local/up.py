"""`python -m infra.local up`: serve a local stack until it is told to stop."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from infra.local.stack import DemoUser, Options, Stack

__all__ = ["stop_requested", "up"]


async def up(options: Options, ready_file: Path | None) -> int:
    """Serve until SIGINT or SIGTERM; `ready_file` gets all addresses, keys and process ids in JSON."""
    stopping = stop_requested()
    stack = Stack(options)
    print("Starting the local stack …", file=sys.stderr, flush=True)  # noqa: T201
    serving = asyncio.create_task(stack.start())
    try:
        await first_of(serving, stopping)
        if serving.done():
            await serving
            user = await asyncio.to_thread(stack.sign_up_demo_user)
            print(addresses(stack, user), flush=True)  # noqa: T201
            if ready_file is not None:
                write_whole(ready_file, json.dumps(stack.ready, indent=2))
            await stopping.wait()
    finally:
        print("Stopping …", file=sys.stderr, flush=True)  # noqa: T201
        await asyncio.gather(serving, return_exceptions=True)
        await stack.stop()
    return 0


def stop_requested() -> asyncio.Event:
    """An event that is set by SIGINT and SIGTERM."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, event.set)
    return event


async def first_of(task: asyncio.Task[None], event: asyncio.Event) -> None:
    """Return when the task is done or the event is set."""
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


def addresses(stack: Stack, user: DemoUser) -> str:
    """What a developer wants to know."""
    ready = stack.ready
    lines = {
        "Page": ready.get("page_url", "not built, see make dev"),
        "  sign in as": f"{user.email}, password {user.password}",
        "API": ready["api_url"],
        "OpenAPI docs": ready["docs_url"],
        "Supabase": ready["supabase_url"],
        "  publishable key": ready["supabase_publishable_key"],
        "  secret key": ready["supabase_secret_key"],
        "Valkey": ready["redis_url"],
        "EventBridge, SQS, SSM": ready["aws_endpoint_url"],
        "Control": ready["control_url"],
        "Logs": ready["logs"],
    }
    width = max(map(len, lines))
    text = "\n".join(f"{name:{width}}  {value}" for name, value in lines.items())
    text += "\n\nFor curl and the knight-vision command, as that user, an operator too (for an hour):\n\n"
    text += f"  export KNIGHT_VISION_URL={ready['api_url']}\n  export KNIGHT_VISION_TOKEN={user.token}\n"
    return f"{text}\nReady after {ready['start_ms']['start'] / 1000:.1f} s. Ctrl-C stops it."


def write_whole(path: Path, text: str) -> None:
    """Write a file that others may be waiting for: they see all of it or nothing."""
    scratch = path.with_name(path.name + ".part")
    scratch.write_text(text)
    scratch.rename(path)
