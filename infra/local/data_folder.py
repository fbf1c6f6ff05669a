"""Where a stack keeps logs and databases: its own new folder, which goes when the stack does.

A stack that was killed cannot clear up: the next to start does it. A lock tells the living from the dead.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from pathlib import Path
from typing import IO

__all__ = ["TemporaryFolder"]

LOCK = "stack.lock"


class TemporaryFolder:
    """A new folder that is removed by `remove`, or by a later stack when this process dies before."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder; removes those beside it whose stacks are dead."""
        remove_abandoned(folder.parent)
        folder.mkdir(parents=True)
        self.folder = folder
        # Locked under another name first: under its own it would look abandoned for a moment.
        scratch = folder / f"{LOCK}.new"
        self.lock = scratch.open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        scratch.rename(folder / LOCK)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.lock.close()


def remove_abandoned(parent: Path) -> None:
    for file in parent.glob(f"*/{LOCK}"):
        with contextlib.suppress(OSError), file.open() as lock:
            if is_free(lock):
                shutil.rmtree(file.parent, ignore_errors=True)


def is_free(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
