"""The project's template with other settings than its parameters allow, for stacks that shall forget soon."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.local.cloudformation import CloudFormationLoader
from tests.support.stack import ROOT

__all__ = ["altered_template"]


def altered_template(folder: Path, variables: Mapping[str, str], *, phase_timeout_s: int) -> Path:
    """A copy in `folder`: these environment variables for all functions, this timeout for the phases'."""
    template = yaml.load((ROOT / "template.yaml").read_text(), CloudFormationLoader)  # a SafeLoader with tags
    shared = template["Globals"]["Function"]
    shared["CodeUri"] = str(ROOT / "functions")
    shared["Environment"]["Variables"].update(variables)
    for name in phase_functions(template):
        template["Resources"][name]["Properties"]["Timeout"] = phase_timeout_s
    path = folder / "template.yaml"
    path.write_text(yaml.safe_dump(template, sort_keys=False))
    return path


def phase_functions(template: dict[str, Any]) -> list[str]:
    """The names of the phase functions."""
    return [
        name
        for name, resource in template["Resources"].items()
        if "PHASE" in resource.get("Properties", {}).get("Environment", {}).get("Variables", {})
    ]
