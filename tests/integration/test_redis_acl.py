"""Our Valkey refuses what ElastiCache Serverless refuses, so that nothing works here only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import NoPermissionError, ResponseError

from infra.local.valkey import REFUSED_COMMANDS
from knight_vision.adapters.redis_queue import client as client_module
from knight_vision.adapters.redis_queue.client import Script, connect
from knight_vision.adapters.request_gate import COUNT
from tests.support.valkey import ValkeyServer, admin

LUA = Path(client_module.__file__).parent / "lua"
OUTSIDE_SCRIPTS = {"auth", "evalsha", "eval", "cluster|slots", "asking", "getex", "get", "set", "del"}
"""What the client sends itself."""
CALL = re.compile(r"redis\.p?call\(\s*['\"](\w+)")


@pytest.fixture
def anybody(valkey: ValkeyServer) -> Iterator[Redis]:
    """The user that the functions are."""
    with Redis.from_url(valkey.url, decode_responses=True, protocol=2) as anybody:
        yield anybody


@pytest.fixture
def watcher(valkey: ValkeyServer) -> Iterator[Redis]:
    with admin(valkey) as watcher:
        yield watcher


def ask(client: Redis, *words: str) -> Any:
    return client.execute_command(*words)  # type: ignore[no-untyped-call]


def subcommands(watcher: Redis, command: str) -> list[str]:
    """The command itself, or its subcommands when it is nothing without one."""
    return [name for name in ask(watcher, "COMMAND LIST") if name.startswith(f"{command}|")] or [command]


def call_of(watcher: Redis, command: str) -> list[str]:
    """A command with as many arguments as it must have: Valkey counts them before it asks for rights."""
    [info] = ask(watcher, "COMMAND", "INFO", command).values()
    words = command.split("|")
    return words + ["0"] * (abs(info["arity"]) - len(words))


@pytest.mark.parametrize("command", REFUSED_COMMANDS)
def test_what_aws_refuses_is_refused(command: str, anybody: Redis, watcher: Redis) -> None:
    for name in subcommands(watcher, command):
        with pytest.raises(ResponseError, match=r"no permissions|not allowed"):
            ask(anybody, *call_of(watcher, name))


def commands_in_scripts() -> set[str]:
    scripts = [COUNT.text, *(path.read_text() for path in LUA.rglob("*.lua"))]
    return {name.lower() for text in scripts for name in CALL.findall(text)}


def test_what_we_call_is_allowed(watcher: Redis) -> None:
    used = commands_in_scripts()
    assert len(used) > 5
    for command in used | OUTSIDE_SCRIPTS:
        assert ask(watcher, "ACL", "DRYRUN", "default", *call_of(watcher, command)) == "OK", command


@pytest.mark.parametrize("mode", ["cluster", "single"])
@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("#!lua\nreturn redis.call('GET', KEYS[2])", ["{kv}:mine", "{other}:key"]),
        ("#!lua\nredis.call('GET', KEYS[1])\nreturn redis.call('GET', '{other}:key')", ["{kv}:mine"]),
        ("#!lua\nreturn redis.call('GET', '{other}:key')", ["{kv}:mine"]),
    ],
    ids=["declared", "undeclared", "undeclared-first"],
)
def test_a_script_never_reaches_into_another_slot(
    valkey: ValkeyServer, mode: str, text: str, keys: list[str]
) -> None:
    client = connect(valkey.url, mode)
    try:
        assert client.run(Script("#!lua\nreturn redis.call('GET', KEYS[1])"), ["{kv}:mine"], []) is None
        with pytest.raises(ResponseError, match="slot"):
            client.run(Script(text), keys, [])
    finally:
        client.close()


def test_nobody_may_give_himself_rights(anybody: Redis) -> None:
    with pytest.raises(NoPermissionError):
        ask(anybody, "ACL", "SETUSER", "default", "+@all")
    assert ask(anybody, "ACL", "WHOAMI") == "default"
