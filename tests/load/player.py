"""A simulated user for Locust: signs in, uploads a game, polls as told, reads, exports; again and again.

Runs in Locust's own virtual environment, so it imports nothing of the project.
"""
# mypy: disable-error-code="import-not-found,misc,no-any-unimported,untyped-decorator"

from __future__ import annotations

import itertools
import json
import os
import random
import time
import uuid
from pathlib import Path
from typing import Any

from locust import HttpUser, constant_pacing, events, task

SUPABASE = os.environ["LOAD_SUPABASE_URL"]
KEY = os.environ["LOAD_SUPABASE_KEY"]
GAMES = [path.read_text() for path in sorted(Path(os.environ["LOAD_GAMES"]).glob("*.pgn"))]
SAMPLES = Path(os.environ["LOAD_SAMPLES"])
PACING_S = float(os.environ["LOAD_PACING_S"])
MOST_POLLS = 2_000
PGN_TYPE = "application/x-chess-pgn"
numbers = itertools.count()


def keep(**sample: Any) -> None:
    """One line for the report: appended whole, so that users do not write into each other's."""
    with SAMPLES.open("a") as file:
        file.write(json.dumps(sample) + "\n")


class Player(HttpUser):
    """One user of a frontend. The next game comes `PACING_S` after the last, or when that one is done."""

    wait_time = constant_pacing(PACING_S)

    def on_start(self) -> None:
        """Sign up, then in, as a page does; and come at a moment of one's own."""
        account = {"email": f"{uuid.uuid4().hex}@example.com", "password": uuid.uuid4().hex}
        self.sign(account, "signup")
        session = self.sign(account, "token?grant_type=password")
        self.client.headers["Authorization"] = f"Bearer {session['access_token']}"
        time.sleep(random.uniform(0, PACING_S))

    def sign(self, account: dict[str, str], path: str) -> dict[str, Any]:
        """Supabase's answer."""
        name = "sign in" if path.startswith("token") else "sign up"
        answer = self.client.post(
            f"{SUPABASE}/auth/v1/{path}", json=account, headers={"apikey": KEY}, name=name
        )
        answer.raise_for_status()
        return dict(answer.json())

    @task
    def analyse_a_game(self) -> None:
        """Upload, ask, poll as told until the last phase is there, read, export."""
        pgn = random.choice(GAMES).replace('[White "', f'[White "{next(numbers)} {uuid.uuid4().hex[:8]} ')
        uploaded = self.client.post(
            "/v1/games", data=pgn.encode(), headers={"Content-Type": PGN_TYPE}, name="upload"
        )
        if uploaded.status_code != 201:
            return
        game_id = uploaded.json()["games"][0]["id"]
        started = time.perf_counter()
        asked = self.client.post(f"/v1/games/{game_id}/enhanced-annotate", name="ask")
        if asked.status_code not in (200, 202):
            return
        keep(kind="accepted", game_id=game_id)
        state, first_s, polls = self.follow(game_id, started, asked)
        keep(
            kind="ended",
            game_id=game_id,
            state=state,
            first_s=first_s,
            total_s=time.perf_counter() - started,
            polls=polls,
        )
        self.client.get(f"/v1/games/{game_id}/analysis", name="read")
        self.client.get(f"/v1/games/{game_id}/analysis", headers={"Accept": PGN_TYPE}, name="export")

    def follow(self, game_id: str, started: float, answer: Any) -> tuple[str, float | None, int]:
        """The last state, seconds to the first report, and polls; waits as each answer says."""
        first_s: float | None = None
        for polls in range(MOST_POLLS):
            time.sleep(float(answer.headers.get("Retry-After", 1)))
            answer = self.client.get(f"/v1/games/{game_id}/analysis/status", name="poll")
            if answer.status_code != 200:
                continue
            status = answer.json()
            if first_s is None and status["finished_phase"] is not None:
                first_s = time.perf_counter() - started
            if status["state"] in ("done", "failed", "cancelled"):
                return status["state"], first_s, polls + 1
        return "given up", first_s, MOST_POLLS


@events.quitting.add_listener
def say_goodbye(environment: Any, **_: Any) -> None:
    """Errors are judged by the report, not by Locust's exit code."""
    environment.process_exit_code = 0
