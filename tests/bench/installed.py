"""Puts a peer into a virtual environment of its own: the peers' packages do not fit together, nor ours."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

__all__ = ["PeerError", "install"]

ROOT = Path(__file__).parents[2]


class PeerError(Exception):
    """A peer did not install, did not start or did not do its work; the text says which."""


def install(requirements: Path, environment: Path) -> None:
    """Install pinned packages, unless just these are there. Raises PeerError."""
    done = environment / "installed"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if done.exists() and done.read_text() == digest:
        return
    print(f"installing {requirements.stem} into {environment.relative_to(ROOT)}", flush=True)
    commands: tuple[list[str | Path], ...] = (
        [sys.executable, "-m", "venv", "--clear", environment],
        [environment / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
    )
    for command in commands:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode != 0:
            raise PeerError(f"{requirements.stem} does not install: {ended.stderr.strip()[-500:]}")
    done.write_text(digest)
