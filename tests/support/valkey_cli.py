"""`valkey-cli` as far as compose.yaml calls it, for machines without one: prints what a server answers.

Usage: valkey-cli [--user NAME --pass WORD] [--no-auth-warning] COMMAND…; the port is VALKEY_PORT's.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys

HOST = "127.0.0.1"


def main() -> int:
    """Ask, print, and exit as the real one does: 1 when nobody answers, 0 after an error answer too."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--user")
    parser.add_argument("--pass", dest="password")
    parser.add_argument("--no-auth-warning", action="store_true")
    parser.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    try:
        with socket.create_connection((HOST, int(os.environ["VALKEY_PORT"])), timeout=2) as connection:
            lines = [f"AUTH {arguments.user} {arguments.password}", " ".join(arguments.command), "QUIT"]
            connection.sendall("".join(f"{line}\r\n" for line in lines).encode())
            with connection.makefile("rb") as answers:
                sys.stdout.write(answers.read().decode())
    except OSError as error:
        sys.stderr.write(f"Could not connect: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
