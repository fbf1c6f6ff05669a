"""template.yaml as CloudFormation gets to see it, by the translator of SAM's own CLI."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

__all__ = ["translated"]

ROOT = Path(__file__).parents[2]
SAM_PYTHON = ROOT / ".tools/sam/bin/python"
TRANSLATE = """
import json, sys
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

template = yaml_parse(sys.stdin.read())
template["Globals"]["Function"]["CodeUri"] = "s3://bucket/code"
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::LayerVersion":
        resource["Properties"]["ContentUri"] = "s3://bucket/layer"
print(json.dumps(Translator({}, Parser()).translate(template, {"SubnetIds": ""})))
"""


def translated(template: str) -> dict[str, Any]:
    """The whole of it, with code and layers in S3 as `bucket/code` and `bucket/layer`."""
    answer = subprocess.run(
        [SAM_PYTHON, "-c", TRANSLATE],
        cwd=ROOT,
        env={"AWS_DEFAULT_REGION": "eu-central-1"},
        input=template,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    whole: dict[str, Any] = json.loads(answer.stdout)
    return whole
