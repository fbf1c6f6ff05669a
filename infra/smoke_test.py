"""A look at a deployed service from outside: does it answer, and does a game get its report?

    infra/smoke_test.py < outputs.json

With SMOKE_EMAIL and SMOKE_PASSWORD it signs in as that user and has a short game analysed to the end by the
command-line client, as anybody would. Without them it asks /health/ready alone, and says so. Exits 1 when
something is wrong.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import chess
import chess.pgn
import httpx

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # run by its path

from infra.stack_outputs import outputs_of  # noqa: E402

PLAYER = "Smoke test"
PLIES = 20
READY_WITHIN_S = 120
"""New environments start, and a name that was made just now is not known everywhere at once."""
ANALYSED_WITHIN_S = 600


class SmokeError(Exception):
    """What is wrong with the service, in words."""


def ready(url: str, within_s: float = READY_WITHIN_S) -> None:
    """Return when the service reaches all that it needs. Raises SmokeError."""
    deadline_s = time.monotonic() + within_s
    while True:
        try:
            answer = httpx.get(f"{url}/health/ready", timeout=30)
            if answer.status_code == 200:
                return
            trouble = f"{answer.status_code} {answer.text}"
        except httpx.HTTPError as error:
            trouble = repr(error)
        if time.monotonic() > deadline_s:
            raise SmokeError(f"{url}/health/ready: {trouble}")
        time.sleep(2)


def token_of(supabase_url: str, key: str, email: str, password: str) -> str:
    """A user's access token. Raises SmokeError."""
    answer = httpx.post(
        f"{supabase_url}/auth/v1/token",
        params={"grant_type": "password"},
        headers={"apikey": key},
        json={"email": email, "password": password},
        timeout=30,
    )
    if answer.status_code != 200:
        raise SmokeError(f"{email} cannot sign in: {answer.status_code} {answer.text}")
    return str(answer.json()["access_token"])


def a_new_game() -> str:
    """A game of moves by chance: no report, and no evaluation that games share, answers for the engine."""
    board = chess.Board()
    while board.ply() < PLIES and not board.is_game_over():
        board.push(random.SystemRandom().choice(list(board.legal_moves)))
    game = chess.pgn.Game.from_board(board)
    game.headers["White"] = game.headers["Black"] = PLAYER
    return str(game)


def analyse(url: str, token: str) -> None:
    """Have a game analysed by the command-line client, and delete it again. Raises SmokeError."""
    with tempfile.TemporaryDirectory() as folder:
        game = Path(folder) / "game.pgn"
        game.write_text(a_new_game())
        client = Path(sys.executable).with_name("knight-vision")
        try:
            done = subprocess.run(  # noqa: S603  our own client
                [client, "analyze", str(game), "--out", folder],
                env={**os.environ, "KNIGHT_VISION_URL": url, "KNIGHT_VISION_TOKEN": token},
                timeout=ANALYSED_WITHIN_S,
            )
        except subprocess.TimeoutExpired as error:
            raise SmokeError(f"a game was not analysed within {ANALYSED_WITHIN_S} s") from error
        if done.returncode != 0:
            raise SmokeError(f"the client could not analyse a game: exit code {done.returncode}")
    forget_games(url, token)


def forget_games(url: str, token: str) -> None:
    """Delete the game, and what runs that failed have left. Raises SmokeError."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as api:
        try:
            found = api.get("/v1/games", params={"player": PLAYER}).raise_for_status()
            for one in found.json()["games"]:
                api.delete(f"/v1/games/{one['id']}").raise_for_status()
        except httpx.HTTPError as error:
            raise SmokeError(f"a game cannot be deleted: {error}") from error


def check(outputs: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """What was seen, in words. Raises SmokeError."""
    url = outputs["ApiUrl"].rstrip("/")
    ready(url)
    email, password = environment.get("SMOKE_EMAIL"), environment.get("SMOKE_PASSWORD")
    if not email or not password:
        return f"{url} is ready. No game was analysed: skipped, without SMOKE_EMAIL and SMOKE_PASSWORD."
    analyse(url, token_of(outputs["SupabaseUrl"], outputs["SupabasePublishableKey"], email, password))
    return f"{url} is ready, and analysed a game to the end."


def main() -> int:
    """See the module."""
    try:
        print(f"smoke test: {check(outputs_of(sys.stdin.read()), os.environ)}")
    except SmokeError as error:
        print(f"smoke test: FAILED: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
