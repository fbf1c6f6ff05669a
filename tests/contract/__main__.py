"""Schemathesis on the running local stack, with docs/openapi.json and every check on: `make contract`.

Once as a user, once as an operator. Exits 1 when the API and its document disagree, or an answer is a 5xx.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.support.stack import ROOT, LocalStack
from tests.support.tool_environment import programs
from tests.support.users import Api

HERE = Path(__file__).parent
PARAMETERS = {
    "InitialLimit": "depth 4",
    "IntermediateLimit": "nodes 1000",
    "CompleteLimit": "nodes 3000",
    # That requests are counted has tests of its own; here each is to be answered for what it asks.
    "UserRequestsPerS": "0",
    "AddressRequestsPerS": "0",
    "MaxGamesPerDay": "1000000",
}


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make contract", description=__doc__)
    parser.add_argument("--examples", type=int, default=40, help="made-up requests of each operation (40)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same requests (1)")
    parser.add_argument("--only", choices=["user", "operator"], help="as one of them alone")
    return parser.parse_args()


def run_schemathesis(program: Path, stack: LocalStack, token: str, chosen: argparse.Namespace) -> int:
    """Its exit code; what it found is on standard output."""
    command: list[str | Path] = [program, "--config-file", HERE / "schemathesis.toml", "run"]
    command += [ROOT / "docs" / "openapi.json", "--url", stack.api_url, "--checks", "all"]
    command += ["--max-examples", str(chosen.examples), "--seed", str(chosen.seed), "--continue-on-failure"]
    environment = {**os.environ, "CONTRACT_TOKEN": token}
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode


def main() -> int:
    """Start the stack, let Schemathesis ask as each kind of user."""
    chosen = options()
    program = programs("contract", HERE / "requirements.txt") / "schemathesis"
    failed = []
    with LocalStack(parameters=PARAMETERS) as stack:
        for kind in [chosen.only] if chosen.only else ["user", "operator"]:
            with Api.of_new_user(stack) as api:
                if kind == "operator":
                    stack.make_operator(api.user_id)
                print(f"\nas a {'user' if kind == 'user' else 'user who is an operator'}\n", flush=True)
                if run_schemathesis(program, stack, api.token, chosen):
                    failed.append(kind)
    print(f"\nfailed as: {', '.join(failed)}" if failed else "\nThe API does what its document says.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
