"""What `infra/build.sh` builds is what Lambda needs, and it runs: real artifacts, layers and events."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra.local.cloudformation import CloudFormationLoader
from infra.local.event_bus import EventBusServer
from infra.local.http_event import response_from
from infra.local.supabase import SupabaseServer
from infra.local.template import Template, load_template
from knight_vision.adapters.stockfish import Stockfish
from knight_vision.adapters.uci import UciProcess
from knight_vision.domain.pgn_reader import read_game
from knight_vision.domain.phase import Limit
from knight_vision.domain.segments import Segment
from tests.support.built_functions import (
    EVENTS,
    HERE,
    ROOT,
    BuiltFunctions,
    event_files,
    find_python,
    lambda_runtime,
    read_event,
)
from tests.support.supabase import sign_up
from tests.support.valkey import ValkeyServer

LAMBDA_PYTHON = "3.13"
ARCHITECTURES = {"x86_64": 62, "arm64": 183}
"""Each with its number in an ELF header."""
OWN = "x86_64" if platform.machine() == "x86_64" else "arm64"
MB = 1_000_000
BENCH_NODES = 2030154
"""What every correct build of Stockfish 17.1 searches in its `bench`."""
FUNCTIONS = (
    "ApiFunction",
    "InitialPhaseFunction",
    "IntermediatePhaseFunction",
    "CompletePhaseFunction",
    "SweeperFunction",
)
NESTED_STACKS = ("AlarmsStack", "CacheStack", "DashboardsStack")

pytestmark = pytest.mark.timeout(1800)  # the engine is compiled twice when it never was, beside other tests


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The artifacts of both architectures, as they are deployed."""
    return {name: built(name, tmp_path_factory.mktemp(name)) for name in ARCHITECTURES}


def built(architecture: str, folder: Path) -> Path:
    run(["sh", "infra/build.sh", architecture, folder])
    return folder


def run(command: list[str | Path], **variables: str) -> str:
    """The output of a command, run in the project's folder."""
    answer = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **variables}, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


@pytest.fixture(params=ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> str:
    """Each architecture in turn."""
    return str(request.param)


@pytest.fixture
def build(builds: dict[str, Path], architecture: str) -> Path:
    """The artifacts of one architecture."""
    return builds[architecture]


def files(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    return found


def test_nothing_is_shipped_that_no_function_needs(build: Path) -> None:
    for path in files(build):
        inside = path.relative_to(build).parts
        assert not {"tests", ".git", ".venv"} & set(inside), path
        assert not path.name.startswith((".", "Makefile", "conftest")), path
        assert path.suffix not in (".pyi", ".sh", ".o", ".in"), path


def test_shipped_bytecode_is_usable_in_lambda(build: Path) -> None:
    compiled = [path for path in files(build) if path.suffix == ".pyc"]
    assert bool(compiled) == (find_python(LAMBDA_PYTHON) is not None)
    for path in compiled:
        assert path.name.endswith(".cpython-313.pyc")
        flags = int.from_bytes(path.read_bytes()[4:8], "little")
        assert flags == 1, "neither checked by a date that the zip does not keep, nor by reading the source"
        assert Path(importlib.util.source_from_cache(path).replace("cpython-313.", "")).exists()


def test_sizes_stay_in_their_budgets(build: Path) -> None:
    sizes = {
        path.name: sum(file.stat().st_size for file in files(path))
        for path in build.iterdir()
        if path.is_dir()
    }
    budgets = dict.fromkeys(FUNCTIONS, 3 * MB) | {"DependenciesLayer": 65 * MB, "StockfishLayer": 85 * MB}
    budgets |= dict.fromkeys(NESTED_STACKS, MB)
    assert sizes.keys() == budgets.keys()
    assert {name: size for name, size in sizes.items() if size > budgets[name]} == {}


def test_nested_stacks_are_built_and_named_by_where_they_lie(build: Path) -> None:
    template = yaml.load((build / "template.yaml").read_text(), CloudFormationLoader)
    nested = {
        name: resource["Properties"]["TemplateURL"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::CloudFormation::Stack"
    }
    assert nested.keys() == set(NESTED_STACKS)
    for name, path in nested.items():
        inner = yaml.load((build / path).read_text(), CloudFormationLoader)
        given = template["Resources"][name]["Properties"]["Parameters"].keys()
        required = {one for one, declared in inner["Parameters"].items() if "Default" not in declared}
        assert required <= given <= inner["Parameters"].keys()


def test_all_functions_are_the_same_files(build: Path) -> None:
    names = {name: {file.relative_to(build / name) for file in files(build / name)} for name in FUNCTIONS}
    assert all(each == names["ApiFunction"] for each in names.values())
    for file in ("api/handler.py", "knight_vision/adapters/redis_queue/lua/claim.lua"):
        assert Path(file) in names["ApiFunction"]


def test_native_code_is_for_the_architecture(build: Path, architecture: str) -> None:
    binaries = [path for path in files(build) if path.read_bytes()[:4] == b"\x7fELF"]
    assert build / "StockfishLayer/bin/stockfish" in binaries
    assert len(binaries) > 1
    for path in binaries:
        assert int.from_bytes(path.read_bytes()[18:20], "little") == ARCHITECTURES[architecture], path
        assert path.suffix != ".so" or ".cpython-313-" in path.name or ".abi3." in path.name, path


def test_a_build_deploys_only_for_its_own_architecture(build: Path, architecture: str) -> None:
    template = yaml.load((build / "template.yaml").read_text(), CloudFormationLoader)
    parameter = template["Parameters"]["Architecture"]
    assert (parameter["Default"], parameter["AllowedValues"]) == (architecture, [architecture])


def test_a_build_says_which_commit_it_is(build: Path) -> None:
    described = yaml.load((build / "template.yaml").read_text(), CloudFormationLoader)["Description"]
    here = "unknown"
    with contextlib.suppress(OSError, subprocess.CalledProcessError):  # no git, or no repository
        asked = ["git", "rev-parse", "HEAD"]
        here = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout[:12]
    commit = described.removesuffix(")").removesuffix("-dirty").rpartition("(")[2]
    assert commit == here


def test_the_pinned_packages_need_no_others_in_lambda(build: Path, architecture: str) -> None:
    in_lambda = {key: str(value) for key, value in default_environment().items()} | {
        "python_version": LAMBDA_PYTHON,
        "python_full_version": f"{LAMBDA_PYTHON}.0",
        "platform_machine": "aarch64" if architecture == "arm64" else architecture,
        "extra": "",
    }
    metadata = [
        HeaderParser().parsestr(file.read_text())
        for file in (build / "DependenciesLayer/python").glob("*.dist-info/METADATA")
    ]
    versions = {canonicalize_name(each["Name"]): each["Version"] for each in metadata}
    pins = re.findall(
        r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / "layers/dependencies/requirements.txt").read_text(), re.M
    )
    assert versions == {canonicalize_name(name): version for name, version in pins}
    for each in metadata:
        for line in each.get_all("Requires-Dist", []):
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate(in_lambda):
                version = versions.get(canonicalize_name(needed.name))
                assert version is not None, f"{each['Name']} needs {line}"
                assert needed.specifier.contains(version, prereleases=True), f"{each['Name']} needs {line}"


def test_the_engine_counts_what_every_correct_build_counts(builds: dict[str, Path]) -> None:
    engine = builds[OWN] / "StockfishLayer/bin/stockfish"
    answer = subprocess.run([engine, "bench"], capture_output=True, text=True, check=True)
    assert re.search(r"Nodes searched *: (\d+)", answer.stderr)[1] == str(BENCH_NODES)  # type: ignore[index]


def test_the_engine_finds_the_same_whether_it_gets_the_next_position_early(
    builds: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    game = read_game((ROOT / "examples/byrne-fischer-1956.pgn").read_text(), max_plies=600)
    whole, limit = Segment(0, 0, game.ply_count), Limit(depth=6)
    engine = Stockfish(str(builds[OWN] / "StockfishLayer/bin/stockfish"), hash_mb=16)
    try:
        early = [engine.search_segment(game, whole, limit, deadline_s=60) for _ in range(3)]
        assert engine.name == "Stockfish 17.1"
        monkeypatch.setattr(UciProcess, "is_patient", False)
        assert early == [engine.search_segment(game, whole, limit, deadline_s=60)] * 3
    finally:
        engine.close()


def test_the_engine_comes_with_its_licence_and_source_offer(build: Path) -> None:
    beside = build / "StockfishLayer/share/stockfish"
    assert "GNU GENERAL PUBLIC LICENSE" in (beside / "Copying.txt").read_text()
    record = (beside / "BUILD.txt").read_text()
    assert re.search(r"^source +\S+\.tar\.gz\nsha256 +[0-9a-f]{64}$", record, re.MULTILINE)
    assert "BUILD.txt" in (beside / "SOURCE-OFFER.txt").read_text()


@dataclass
class World:
    """The real parts around the functions."""

    template: Template
    endpoint: str
    supabase: SupabaseServer

    def new_user(self) -> str:
        """The token of a user without games."""
        return sign_up(self.supabase).token


@pytest.fixture(scope="module")
def supabase() -> Iterator[SupabaseServer]:
    """A Supabase of its own: the sweeper would take up what other tests left unfinished in a shared one."""
    with SupabaseServer() as server:
        yield server


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, shared_valkey: ValkeyServer, supabase: SupabaseServer
) -> Iterator[World]:
    """Supabase, Valkey, and AWS's SSM and EventBridge by moto, set up from the template."""
    parameters = {
        "SupabaseUrl": supabase.url,
        "SupabasePublishableKey": supabase.publishable_key,
        "SupabaseJwtSecretParameter": "/knight-vision/supabase-jwt-secret",
        # Less than a deployment searches: here it is about the artifacts.
        "IntermediateLimit": "nodes 5000",
        "CompleteLimit": "nodes 10000",
    }
    template = load_template(ROOT / "template.yaml", parameters)
    secrets = {
        "/knight-vision/supabase-secret-key": supabase.secret_key,
        "/knight-vision/supabase-jwt-secret": supabase.jwt_secret,
        "/knight-vision/redis-url": shared_valkey.url,
    }
    bus = EventBusServer(template, secrets, tmp_path_factory.mktemp("moto") / "moto.log")
    bus.start()
    yield World(template, bus.url, supabase)
    bus.stop()


@pytest.fixture(scope="module", params=sorted({HERE, LAMBDA_PYTHON}))
def functions(
    request: pytest.FixtureRequest,
    builds: dict[str, Path],
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BuiltFunctions]:
    """The artifacts as deployed on Lambda's Python where there is one, and on the interpreter at hand."""
    version = str(request.param)
    if find_python(version) is None:
        pytest.skip(f"no Python {version} on this machine")
    build = builds[OWN] if version == LAMBDA_PYTHON else rebuilt(version, tmp_path_factory.mktemp("here"))
    running = BuiltFunctions(
        build,
        world.template.functions,
        lambda_runtime(version),
        {"AWS_ENDPOINT_URL": world.endpoint},
        tmp_path_factory.mktemp("logs"),
    )
    yield running
    running.close()


def rebuilt(version: str, folder: Path) -> Path:
    """The same artifacts for another Python, by the same Makefiles."""
    for directory, resource in (
        *(("functions", name) for name in FUNCTIONS),
        ("layers/dependencies", "DependenciesLayer"),
        ("layers/stockfish", "StockfishLayer"),
    ):
        target = [f"build-{resource}", f"ARTIFACTS_DIR={folder / resource}", f"PYTHON_VERSION={version}"]
        run(["make", "-s", "-C", directory, *target])
    return folder


def test_every_function_has_an_event() -> None:
    assert {path.stem.split("-")[0] for path in event_files()} == set(FUNCTIONS)


@pytest.mark.parametrize("path", event_files(), ids=lambda path: path.stem)
def test_every_event_is_answered(path: Path, functions: BuiltFunctions, world: World) -> None:
    event = read_event(path)
    if "authorization" in event.get("headers", {}):
        event["headers"]["authorization"] = f"Bearer {world.new_user()}"
    answer = functions.invoke(path.stem.split("-")[0], event)
    expected = {"ApiFunction-health": ("statusCode", 200), "ApiFunction-submit": ("statusCode", 201)}
    name, value = expected.get(path.stem, ("failures", 0) if "Phase" in path.stem else ("buried", 0))
    assert answer[name] == value


def test_a_token_left_out_of_the_event_is_refused(functions: BuiltFunctions) -> None:
    answer = functions.invoke("ApiFunction", read_event(EVENTS / "ApiFunction-submit.json"))
    response = response_from(json.dumps(answer).encode())
    assert (response.status_code, json.loads(bytes(response.body))["code"]) == (401, "unauthorized")


def test_the_artifacts_analyse_a_game_with_the_layers_engine(functions: BuiltFunctions, world: World) -> None:
    token = world.new_user()

    def call(method: str, path: str) -> dict[str, Any]:
        event = read_event(EVENTS / "ApiFunction-submit.json")
        event["rawPath"] = event["requestContext"]["http"]["path"] = path
        event["requestContext"]["http"]["method"] = method
        event["headers"]["authorization"] = f"Bearer {token}"
        response = response_from(json.dumps(functions.invoke("ApiFunction", event)).encode())
        assert response.status_code < 300, response.body
        body: dict[str, Any] = json.loads(bytes(response.body))
        return body

    game = f"/v1/games/{call('POST', '/v1/games')['games'][0]['id']}"
    assert call("POST", f"{game}/enhanced-annotate")["status"]["state"] == "queued"
    for name in ("InitialPhaseFunction", "IntermediatePhaseFunction", "CompletePhaseFunction"):
        run = functions.invoke(name, read_event(EVENTS / f"{name}.json"))
        assert (run["segments"] > 0, run["reports"], run["failures"]) == (True, 1, 0), functions.log(name)
    report = call("GET", f"{game}/analysis")["report"]
    assert (report["phase"], report["engine"]) == ("complete", "Stockfish 17.1")
    assert (report["moves"][-1]["san"], len(report["moves"])) == ("Rd8#", 33)
