"""Enqueues jobs through one peer's own producer, one after the other, and prints the seconds it took.

Usage: python -m tests.bench.queue.apps.produce <module> <jobs>
"""

from __future__ import annotations

import importlib
import sys

from tests.bench.queue.apps.no_op import PAYLOAD


def main() -> None:
    module, jobs = sys.argv[1], int(sys.argv[2])
    seconds: float = importlib.import_module(f"tests.bench.queue.apps.{module}").produce(jobs, PAYLOAD)
    print(seconds)


if __name__ == "__main__":
    main()
