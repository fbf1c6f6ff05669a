"""Runs built artifacts as Lambda would: AWS's runtime emulator, layers at /opt, nothing else on sys.path."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from infra.local.environment import INVOKE_PATH, emulator_path, lambda_variables
from infra.local.http import request
from infra.local.process import HOST, free_ports, spawn, stop, wait_until_listening
from infra.local.template import Function

__all__ = [
    "EVENTS",
    "HERE",
    "ROOT",
    "BuiltFunctions",
    "event_files",
    "find_python",
    "lambda_runtime",
    "read_event",
]

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "tests/events"
"""One event a file; the function is the file's name up to a dash."""
RUNTIME_PACKAGES = ("awslambdaric", "boto3")
"""What Lambda's own runtime brings."""

IN_LAMBDA = 'mount -o bind,ro "$1" /opt && mount -o bind,ro "$2" "$2" && shift 2 && exec "$@"'
"""Inside a mount namespace of its own: the layers at /opt, and a code folder that nobody can write to."""


def find_python(version: str) -> Path | None:
    """A Python of this version (`3.13`) on this machine, if there is one."""
    found = subprocess.run(["sh", ROOT / "infra/find_python.sh", version], capture_output=True, text=True)
    return Path(found.stdout.strip()) if found.returncode == 0 else None


def lambda_runtime(version: str) -> Path:
    """A Python of this version with exactly what Lambda's runtime has; made once."""
    pins = [
        line
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if line.split("==")[0] in RUNTIME_PACKAGES
    ]
    home = ROOT / ".tools" / "lambda-runtime" / version
    record = home / "installed.txt"
    python = find_python(version)
    if python is None:
        raise FileNotFoundError(f"no Python {version} on this machine")
    wanted = "\n".join([str(python), *pins])
    if not record.exists() or record.read_text() != wanted:
        subprocess.run([python, "-m", "venv", "--clear", home], check=True)
        install: list[str | Path] = [
            home / "bin/python",
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            *pins,
        ]
        subprocess.run(install, check=True)
        record.write_text(wanted)
    return home / "bin/python"


def mount_command() -> list[str]:
    """How this user can get a mount namespace of its own; empty when not at all."""
    for options in (["--mount"], ["--mount", "--map-root-user"]):
        if subprocess.run(["unshare", *options, "true"], capture_output=True).returncode == 0:
            return ["unshare", *options, "sh", "-c", IN_LAMBDA, "sh"]
    return []


class BuiltFunctions:
    """The functions of a build folder, each started at its first call, on one interpreter."""

    def __init__(
        self,
        build: Path,
        functions: Mapping[str, Function],
        python: Path,
        variables: Mapping[str, str],
        logs: Path,
    ) -> None:
        """`variables` join the template's own: where AWS is."""
        self.build = build
        self.functions = functions
        self.python = python
        self.variables = variables
        self.logs = logs
        self.urls: dict[str, str] = {}
        self.running = ExitStack()
        self.opt = logs / "opt"
        for layer in ("DependenciesLayer", "StockfishLayer"):
            # Lambda merges all layers into one /opt
            shutil.copytree(build / layer, self.opt, dirs_exist_ok=True, copy_function=link)

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        """The function's answer. An exception in the function is an AssertionError with its log."""
        if name not in self.urls:
            self.urls[name] = self.start(self.functions[name])
        timeout_s = self.functions[name].timeout_s + 15
        answer = request("POST", self.urls[name], json=event, timeout_s=timeout_s).json()
        assert not (isinstance(answer, dict) and "errorMessage" in answer), f"{answer}\n{self.log(name)}"
        return answer

    def start(self, function: Function) -> str:
        """Start a function's environment; the URL to invoke it at."""
        task = self.build / function.name
        port, runtime_port = free_ports(2)
        mount = mount_command()
        command: list[str | Path] = [*mount, *([self.opt, task] if mount else []), emulator_path()]
        command += ["--runtime-interface-emulator-address", f"{HOST}:{port}"]
        command += ["--runtime-api-address", f"{HOST}:{runtime_port}"]
        command += ["setpriv", "--pdeathsig", "KILL", self.python, "-m", "awslambdaric", function.handler]
        variables = {**lambda_variables(function), **function.environment, **self.variables}
        variables["LAMBDA_TASK_ROOT"] = str(task)
        opt = Path("/opt") if mount else self.opt
        variables["PYTHONPATH"] = f"{task}:{opt}/python"
        if not mount:
            variables["STOCKFISH_PATH"] = str(opt / "bin/stockfish")
        process = spawn(command, log=self.logs / f"{function.name}.log", env=variables, cwd=task)
        self.running.callback(stop, process)
        wait_until_listening(port, process)
        return f"http://{HOST}:{port}{INVOKE_PATH}"

    def log(self, name: str) -> str:
        """The end of what a function wrote."""
        return (self.logs / f"{name}.log").read_text(errors="replace")[-4000:]

    def close(self) -> None:
        """End all environments."""
        self.running.close()


def link(source: str, target: str) -> None:
    """A hard link where it can be one: the engine is large."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def event_files() -> list[Path]:
    """Every event."""
    return sorted(EVENTS.glob("*.json"))


def read_event(path: Path) -> dict[str, Any]:
    """One event."""
    event: dict[str, Any] = json.loads(path.read_text())
    return event


HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
"""The version of the interpreter at hand."""
