#!/usr/bin/env python3
"""A tiny UCI program that misbehaves on request: FAKE_ENGINE=ok|hang|crash|nonsense|silent|babble|flood."""

import os
import sys
import time

mode = os.environ.get("FAKE_ENGINE", "ok")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Answer commands until the end."""
    for command in sys.stdin:
        word = command.split()[0] if command.split() else ""
        if word == "uci":
            if mode == "silent":
                time.sleep(60)
            say("id name Fake 1.0")
            say("uciok")
        elif word == "isready":
            say("readyok")
        elif word == "go":
            if mode == "hang":
                time.sleep(60)
            while mode == "flood":
                say("info string " + "x" * 1000)
            for _ in range(3_000 if mode == "babble" else 0):
                say("info string " + "x" * 1000)
            if mode == "crash":
                sys.exit(3)
            if mode == "nonsense":
                say("bestmove (none)")
            else:
                say("info depth 1 seldepth 1 multipv 1 score cp 900 lowerbound nodes 7 pv a2a3")
                say("info depth 2 seldepth 2 multipv 1 score cp 17 nodes 42 nps 1000 pv e2e4 e7e5")
                say("info depth 3 seldepth 3 multipv 1 score cp -999 upperbound nodes 50 pv a2a4")
                say("bestmove e2e4 ponder e7e5")
        elif word == "quit":
            break


if __name__ == "__main__":
    main()
