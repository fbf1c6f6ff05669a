"""What a frontend needs to know of a deployed stack, from `sam list stack-outputs --output json`.

infra/stack_outputs.py < outputs.json        prints NAME=value lines for the web client and the CLI
infra/stack_outputs.py --name ENV            prints the stack's name in an environment of samconfig.toml
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

__all__ = ["outputs_of", "stack_name"]

CONFIG = Path(__file__).parents[1] / "samconfig.toml"
SHOWN = {
    "ApiUrl": "KNIGHT_VISION_URL",
    "SupabaseUrl": "SUPABASE_URL",
    "SupabasePublishableKey": "SUPABASE_PUBLISHABLE_KEY",
    "PageUrl": "PAGE_URL",
}
"""Outputs by the name that clients know them by. All are public."""


def outputs_of(text: str) -> dict[str, str]:
    """A stack's outputs by name. Raises ValueError for anything else."""
    listed: list[dict[str, Any]] = json.loads(text)
    return {str(one["OutputKey"]): str(one["OutputValue"]) for one in listed}


def stack_name(environment: str, config: Path = CONFIG) -> str:
    """The stack of an environment: its own, or the one that all share. Raises KeyError when there is none."""
    written = tomllib.loads(config.read_text())
    for section in (environment, "default"):
        for command in ("deploy", "global"):
            found = written.get(section, {}).get(command, {}).get("parameters", {}).get("stack_name")
            if found:
                return str(found)
    raise KeyError(f"no stack_name for {environment} in {config.name}")


def main() -> int:
    """See the module."""
    if sys.argv[1:2] == ["--name"]:
        print(stack_name(sys.argv[2]))
        return 0
    outputs = outputs_of(sys.stdin.read())
    for name, shown in SHOWN.items():
        if name in outputs:
            print(f"{shown}={outputs[name]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
