"""The texts of the Lua scripts in `lua/`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from knight_vision.adapters.redis_queue.client import Script

__all__ = ["LUA", "load_script"]

LUA = Path(__file__).parent / "lua"
INCLUDE = re.compile(r"^-- include (\S+)$", re.MULTILINE)


@cache
def load_script(name: str) -> Script:
    """The script of a transition; a line `-- include <file>` stands for that file's text."""
    text = (LUA / f"{name}.lua").read_text("utf-8")
    return Script(INCLUDE.sub(lambda match: (LUA / match[1]).read_text("utf-8"), text))
