"""What a bench ran on, in the words of its table."""

from __future__ import annotations

import datetime
import os
import platform
from pathlib import Path

__all__ = ["machine", "today"]


def today() -> str:
    """The date of a measurement."""
    return str(datetime.datetime.now(datetime.UTC).date())


def machine() -> str:
    """The processor and its cores: `AMD EPYC, 2 cores`."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores"
