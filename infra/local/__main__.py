"""The commands of the local stack: `up` serves it, `run` analyses games through it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from infra.local.cloudformation import TemplateError
from infra.local.run import run
from infra.local.stack import ROOT, Options
from infra.local.up import up


def main() -> int:
    """Run a command; returns its exit code."""
    arguments = parser().parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    parameters = dict(text.split("=", 1) for text in arguments.param)
    options = Options(
        template=arguments.template,
        parameters=parameters,
        data=arguments.data,
        keep=arguments.keep,
        port=arguments.port,
        workers=arguments.workers,
        web=getattr(arguments, "web", None),
    )
    try:
        if arguments.command == "up":
            return asyncio.run(up(options, arguments.ready_file))
        for game in arguments.games:
            if not Path(game).is_file():
                print(f"There is no file {game}.", file=sys.stderr)  # noqa: T201
                return 2
        return asyncio.run(run(options, arguments.games, arguments.out))
    except (ChildProcessError, FileNotFoundError, TemplateError, TimeoutError) as error:
        print(f"The local stack does not start: {error}", file=sys.stderr)  # noqa: T201
        return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--param",
        action="append",
        default=[],
        type=assignment,
        metavar="NAME=VALUE",
        help="a parameter of the template; may be repeated",
    )
    shared.add_argument(
        "--data", type=Path, help="folder for logs and databases (default: a new one, .local/…)"
    )
    shared.add_argument("--keep", action="store_true", help="leave a new data folder behind")
    shared.add_argument("--port", type=int, default=0, help="port of the HTTP API (default: a free one)")
    shared.add_argument(
        "--workers",
        type=int,
        default=0,
        help="simultaneous executions of each phase function (default: WORKER_COUNT, else the cores)",
    )
    shared.add_argument("--template", type=Path, default=ROOT / "template.yaml", help=argparse.SUPPRESS)
    main_parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    commands = main_parser.add_subparsers(dest="command", required=True)
    up_parser = commands.add_parser("up", parents=[shared], help="serve until Ctrl-C")
    up_parser.add_argument(
        "--ready-file", type=Path, help="write all addresses here, as JSON, once it serves"
    )
    up_parser.add_argument("--web", type=Path, help="serve the built web client in this folder, too")
    run_parser = commands.add_parser("run", parents=[shared], help="analyse games and stop")
    run_parser.add_argument("games", nargs="+", metavar="PGN", help="PGN files")
    run_parser.add_argument("--out", type=Path, default=Path("out"), help="folder of the results")
    return main_parser


def assignment(text: str) -> str:
    """A parameter assignment; argparse reports the error."""
    if "=" not in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return text


if __name__ == "__main__":
    sys.exit(main())
