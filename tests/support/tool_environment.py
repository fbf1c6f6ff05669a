"""A virtual environment of its own for a tool whose packages would clash with ours, made when wanted."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from tests.support.stack import ROOT

__all__ = ["programs"]


def programs(name: str, requirements: Path) -> Path:
    """The folder of the tool's programs, in .tools/NAME. Raises CalledProcessError when pip fails."""
    environment = ROOT / ".tools" / name
    done, digest = environment / "installed", hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not done.exists() or done.read_text() != digest:
        print(f"installing {requirements.relative_to(ROOT)} into .tools/{name}", flush=True)  # noqa: T201
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        pip: list[str | Path] = [environment / "bin/pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", requirements], check=True)
        done.write_text(digest)
    return environment / "bin"
