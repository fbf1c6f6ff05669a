"""What `sam local` itself makes of our files, by its own code up to the point where it asks for Docker."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.local import sam_env
from knight_vision.config import Settings
from tests.support.sam_translation import ROOT, SAM_PYTHON
from tests.unit.test_sam_env import KEYS, TEMPLATE

AS_BUILT = "import sys, samcli.yamlhelper as y; print(y.yaml_dump(y.yaml_parse(sys.stdin.read())))"
"""`sam build` writes the template so, and other paths into it."""

AS_RUN = """
import json, sys
from samcli.commands.local.lib.local_lambda import LocalLambdaRunner
from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

template, variables = sys.argv[1:]
stacks, _ = SamLocalStackProvider.get_stacks(template)
runner = LocalLambdaRunner(
    None, SamFunctionProvider(stacks), ".", None, env_vars_values=json.load(open(variables))
)
functions = SamFunctionProvider(stacks).get_all()
print(json.dumps({
    "environments": {one.name: runner._make_env_vars(one).resolve() for one in functions},
    "routes": [[one.path, one.function_name] for one in ApiProvider(stacks, cwd=".").api.routes],
}))
"""


def by_sam(*arguments: str | Path, given: str = "") -> str:
    """What a program says that runs on the SAM CLI's Python, without the shell's settings."""
    answer = subprocess.run(
        [SAM_PYTHON, *arguments], cwd=ROOT, env={}, input=given, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


VARIABLES = sam_env.environments(TEMPLATE)


def run_by_sam(folder: Path, template: dict[str, Any]) -> dict[str, Any]:
    """The environments and routes that `sam local` gives the functions of a template."""
    file, variables = folder / "local.yaml", folder / "local-env.json"
    file.write_text(yaml.safe_dump(template, sort_keys=False))
    variables.write_text(json.dumps(VARIABLES))
    answer: dict[str, Any] = json.loads(by_sam("-c", AS_RUN, file, variables))
    return answer


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    """The template as it is built, whose nested ones are found from anywhere."""
    built: dict[str, Any] = yaml.safe_load(by_sam("-c", AS_BUILT, given=(ROOT / "template.yaml").read_text()))
    for resource in built["Resources"].values():
        if resource["Type"] == "AWS::CloudFormation::Stack":
            resource["Properties"]["TemplateURL"] = str(ROOT / resource["Properties"]["TemplateURL"])
    return built


@pytest.fixture(scope="module")
def run(built: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of our copy of it."""
    return run_by_sam(tmp_path_factory.mktemp("sam"), sam_env.built_template(built, VARIABLES))


@pytest.mark.parametrize("name", list(TEMPLATE.functions))
def test_every_variable_reaches_the_function(run: dict[str, Any], name: str) -> None:
    given = run["environments"][name]
    assert given.items() >= VARIABLES[name].items()
    secrets = sam_env.secrets(TEMPLATE, KEYS)
    settings = Settings.from_env(given, lambda names: {one: secrets[one] for one in names})
    assert settings.phase == given.get("PHASE")


def test_the_built_template_itself_would_let_events_out_to_a_real_account(
    built: dict[str, Any], tmp_path: Path
) -> None:
    for given in run_by_sam(tmp_path, built)["environments"].values():
        assert "AWS_ENDPOINT_URL" not in given


def test_every_request_goes_to_the_api(run: dict[str, Any]) -> None:
    assert {tuple(route) for route in run["routes"]} == {("$default", "ApiFunction")}
