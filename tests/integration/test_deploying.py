"""infra/deploy.sh: the order of its steps and what it refuses, with tools that only note how they are called.

Nothing can be deployed from here. What the steps do is tested where it can run: the build in
test_packaging.py, the migrations on the local Supabase, the smoke test in tests/e2e/test_smoke.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from infra.stack_outputs import outputs_of, stack_name

ROOT = Path(__file__).parents[2]
OUTPUTS = json.dumps([{"OutputKey": "ApiUrl", "OutputValue": "https://api.example.org"}])
NOTING = """#!/bin/sh
echo "{name} $*" >>"{calls}"
case "{name} $*" in
*"{fails}"*) exit 1 ;;
"sam list"*) echo '{outputs}' ;;
"python infra/stack_outputs.py --name"*) echo kv-prod ;;
esac
"""


class Project:
    """A folder with the script and tools that note how they are called."""

    def __init__(self, folder: Path, fails: str = "nothing fails") -> None:
        self.folder, self.calls = folder, folder / "calls"
        (folder / "infra").mkdir()
        shutil.copy(ROOT / "infra" / "deploy.sh", folder / "infra")
        (folder / "samconfig.toml").write_text("[prod.deploy.parameters]\nstack_name = 'kv-prod'\n")
        for name, path in {
            "sam": ".tools/sam/bin/sam",
            "python": ".venv/bin/python",
            "npx": "bin/npx",
            "git": "bin/git",
            "make": "bin/make",
            "build": "infra/build.sh",
        }.items():
            tool = folder / path
            tool.parent.mkdir(parents=True, exist_ok=True)
            text = NOTING.format(name=name, calls=self.calls, outputs=OUTPUTS, fails=fails)
            tool.write_text(text)
            tool.chmod(0o755)

    def deploy(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder}/bin:{os.environ['PATH']}"
        return subprocess.run(
            ["sh", "infra/deploy.sh", *arguments],
            cwd=self.folder,
            env={"PATH": path, **environment},
            capture_output=True,
            text=True,
        )

    def steps(self) -> list[str]:
        """The calls, each by its first words."""
        if not self.calls.exists():
            return []
        return [" ".join(line.split()[:3]) for line in self.calls.read_text().splitlines()]


STEPS = [
    "git status --porcelain",
    "make -s check",
    "build x86_64",
    "npx --yes supabase@3.1.0",
    "sam deploy --config-env",
    "python infra/stack_outputs.py --name",
    "sam list stack-outputs",
    "python infra/stack_outputs.py",
    "python infra/smoke_test.py",
]


def test_the_database_comes_before_the_code_and_a_look_from_outside_last(tmp_path: Path) -> None:
    project = Project(tmp_path)
    done = project.deploy("prod")
    assert done.returncode == 0, done.stderr
    assert project.steps() == STEPS


# What the last but one prints is named like the step before it.
@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6, 8])
def test_after_a_step_that_failed_no_other_is_done(tmp_path: Path, step: int) -> None:
    project = Project(tmp_path, fails=STEPS[step])
    assert project.deploy("prod").returncode != 0
    assert project.steps() == STEPS[: step + 1]


def test_an_environment_that_is_not_known_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    project = Project(tmp_path)
    for arguments in ((), ("",), ("other",)):
        done = project.deploy(*arguments)
        assert done.returncode == 2
        assert "say which environment" in done.stderr
    assert project.steps() == []


def test_what_is_not_committed_is_not_deployed_by_hand(tmp_path: Path) -> None:
    project = Project(tmp_path)
    (tmp_path / "bin" / "git").write_text("#!/bin/sh\necho ' M template.yaml'\n")
    done = project.deploy("prod")
    assert done.returncode == 2
    assert "not committed" in done.stderr
    assert project.deploy("prod", YES="1").returncode == 0


def test_only_yes_1_asks_nothing(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert project.deploy("prod", YES="0").returncode == 0
    calls = project.calls.read_text()
    assert "push --workdir infra --remote\n" in calls, "the linked project, and not this machine's"
    assert "--no-confirm-changeset" not in calls


def test_a_checkout_that_is_older_than_the_database_is_told_how_to_roll_back(tmp_path: Path) -> None:
    done = Project(tmp_path, fails="supabase").deploy("prod")
    assert done.returncode == 1
    assert "'Roll back' in docs/operations.md" in done.stderr


def test_what_the_supabase_cli_leaves_behind_is_no_change() -> None:
    left = ["infra/supabase/.temp/cli-latest", "infra/supabase/.temp/project-ref"]
    ignored = subprocess.run(["git", "check-ignore", *left], cwd=ROOT, capture_output=True, text=True)
    assert ignored.stdout.split() == left


def test_in_ci_nobody_is_asked(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert project.deploy("prod", "arm64", YES="1", SUPABASE_DB_URL="postgres://x").returncode == 0
    calls = project.calls.read_text()
    assert "build arm64" in calls
    assert "--remote=postgres://x --yes" in calls
    assert "--no-confirm-changeset" in calls


def test_the_stack_is_the_one_that_sam_would_deploy(tmp_path: Path) -> None:
    config = tmp_path / "samconfig.toml"
    config.write_text(
        "[default.global.parameters]\nstack_name = 'shared'\n[prod.deploy.parameters]\nstack_name = 'own'\n"
    )
    assert (stack_name("prod", config), stack_name("other", config)) == ("own", "shared")
    assert stack_name("default") == "knight-vision"
    assert outputs_of(OUTPUTS) == {"ApiUrl": "https://api.example.org"}


INSTALL = "sudo apt-get update -qq && sudo apt-get install --yes --no-install-recommends stockfish"


def test_runs_of_main_wait_for_each_other_and_none_is_cut_off() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text())
    assert "github.ref" in workflow["concurrency"]["group"]
    assert workflow["concurrency"]["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"


def test_the_workflow_signs_in_without_a_key_and_deploys_what_was_tested() -> None:
    text = (ROOT / ".github" / "workflows" / "deploy.yml").read_text()
    workflow = yaml.safe_load(text)
    test, deploy = workflow["jobs"]["test"], workflow["jobs"]["deploy"]
    tests, deploys = ([step for step in job["steps"] if "run" in step] for job in (test, deploy))
    assert [step["run"] for step in tests] == [INSTALL, "make test"]
    assert [step["run"] for step in deploys] == [INSTALL, "make deploy ENV=production"]
    assert deploys[-1]["env"]["YES"] == "1"
    assert deploy["needs"] == "test"
    assert "refs/heads/main" in deploy["if"]
    assert workflow["permissions"] == {}
    assert deploy["permissions"] == {"contents": "read", "id-token": "write"}
    assert "id-token" not in test["permissions"], "a pull request signs in nowhere"
    assert "aws-access-key-id" not in text.lower()
    [signs_in] = [step for step in deploy["steps"] if "configure-aws-credentials" in step.get("uses", "")]
    assert signs_in["with"]["role-to-assume"] == "${{ vars.AWS_ROLE_ARN }}"
    assert all("@v" in step["uses"] for job in (test, deploy) for step in job["steps"] if "uses" in step)
