"""infra/local/compose.yaml: the local stack's Valkey, pinned, healthy, kept, and for this machine alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from infra.local import sam_env
from infra.local.valkey import ADMIN, ValkeyServer

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "infra/local/compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
AS_LOCALLY = ("cluster-enabled", "cluster-config-file", "maxmemory", "maxmemory-policy", "save")


def options(command: list[Any]) -> dict[str, list[tuple[str, ...]]]:
    """A server's options: name → the arguments of each time it is given. Users are told by their names."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for word in map(str, command[1:]):
        if word.startswith("--"):
            current = found.setdefault(word.removeprefix("--"), [])
            current.append(())
        else:
            current[-1] = (*current[-1], word)
    return found


def test_a_servers_options_are_told_apart() -> None:
    assert options(["x", "--save", "", "--user", "a", "-b", "--user", "c"]) == {
        "save": [("",)],
        "user": [("a", "-b"), ("c",)],
    }


def test_valkey_is_set_up_as_in_the_local_stack() -> None:
    there = options(ValkeyServer(port=6379)._command(16379))
    here = options(SERVICES["valkey"]["command"])
    assert {name: here[name] for name in AS_LOCALLY} == {name: there[name] for name in AS_LOCALLY}
    assert {user[0]: user for user in here["user"]} == {user[0]: user for user in there["user"]}
    assert here["appendonly"] == [("yes",)], "or the volume would keep nothing"


def test_every_image_is_pinned() -> None:
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[\w/.-]+:\d+\.\d+\.\d+", service["image"]), name


def test_moto_is_the_one_of_the_tests() -> None:
    pinned = re.search(r"^moto\[.*\]==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert pinned
    assert SERVICES["aws"]["image"] == f"motoserver/moto:{pinned[1]}"


def test_nothing_is_reachable_from_other_machines() -> None:
    for name, service in SERVICES.items():
        assert service["ports"], name
        for port in service["ports"]:
            assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), f"{name}: {port}"


def test_data_are_kept_and_every_service_says_when_it_is_ready() -> None:
    assert SERVICES["valkey"]["volumes"] == ["valkey-data:/data"]
    assert "valkey-data" in COMPOSE["volumes"]
    assert f"--user {ADMIN} --pass {ADMIN} " in SERVICES["valkey"]["healthcheck"]["test"][1]
    for name, service in SERVICES.items():
        assert service["healthcheck"].keys() >= {"test", "interval", "timeout", "retries"}, name


def test_the_functions_find_the_services_where_they_are() -> None:
    assert sam_env.REDIS_URL == "redis://valkey:6379"
    [published] = SERVICES["aws"]["ports"]
    here, inside = published.removeprefix("127.0.0.1:").split(":")
    assert sam_env.AWS_URL.endswith(f"//aws:{inside}")
    assert sam_env.AWS_URL_HERE.endswith(f"//127.0.0.1:{here}")
    network = COMPOSE["networks"]["knight-vision"]["name"]
    assert f"--docker-network {network} " in (ROOT / "docs/local-stack.md").read_text()
    supabase = (ROOT / "infra/supabase/config.toml").read_text()
    assert f"port = {sam_env.SUPABASE_URL.rpartition(':')[2]}\n" in supabase
