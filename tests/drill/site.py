"""A running stack with a user's games under way, as a drill looks at it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from knight_vision.domain.phase import Phase
from tests.chaos.outcome import Row
from tests.chaos.sweeps import Sweeps
from tests.chaos.witness import log_lines, rows_of
from tests.support.stack import ROOT, LocalStack
from tests.support.users import PGN_TYPE, Api
from tests.support.wait import wait_until

__all__ = ["DEEP_PHASE", "Site"]

GAMES = sorted((ROOT / "examples").glob("*.pgn"))
DEEP_PHASE = "CompletePhaseFunction"
PHASE_FUNCTIONS = ("InitialPhaseFunction", "IntermediatePhaseFunction", DEEP_PHASE)
UNDER_WAY_S = 120.0
PATIENCE_S = 900.0
"""Two sweeps, a lease and the rest of the search, on a busy machine."""


class Site:
    """Games of one new user, asked for at once. Use as a context manager."""

    def __init__(self, stack: LocalStack, *, sweeps_often: bool) -> None:
        """`sweeps_often`: the sweeper is called every second besides, so that nobody waits for its minute."""
        self.stack = stack
        self.sweeps_often = sweeps_often
        self.api = Api.of_new_user(stack)
        self.game_ids: list[str] = []

    def __enter__(self) -> Site:
        return self

    def __exit__(self, *_: object) -> None:
        self.api.close()

    def ask_for_all(self) -> None:
        """Submit every example game and ask for its analysis."""
        for path in GAMES:
            answer = self.api.post("/v1/games", content=path.read_bytes(), headers={"Content-Type": PGN_TYPE})
            answer.raise_for_status()
            # One of the files holds games of the others once more.
            found = (str(game["id"]) for game in answer.json()["games"])
            self.game_ids += [game_id for game_id in found if game_id not in self.game_ids]
        for game_id in self.game_ids:
            self.api.annotate(game_id).raise_for_status()

    def wait_until_under_way(self) -> int:
        """Return how many are unfinished, as soon as one is in its last phase and others before it."""

        def is_deep() -> bool:
            # A busy deep phase, and a first report stored: something to lose on both sides.
            rows = self.rows()
            return bool(self.busy()[DEEP_PHASE]) and any(row.finished_phase for row in rows)

        wait_until(is_deep, timeout_s=UNDER_WAY_S, every_s=0.1, description="games are under way")
        return sum(not row.is_final for row in self.rows())

    def rows(self) -> list[Row]:
        """This user's analyses in the store. Raises httpx.HTTPError."""
        return [row for game_id, row in rows_of(self.stack).items() if game_id in self.game_ids]

    def busy(self) -> dict[str, int]:
        """Phase function → environments at work."""
        return {name: len(self.stack.function_state(name)["busy"]) for name in PHASE_FUNCTIONS}

    def is_all_final(self) -> bool:
        """Whether nothing is left to do, as far as the store answers."""
        with contextlib.suppress(httpx.HTTPError):
            return all(row.is_final for row in self.rows())
        return False

    def wait_for(self, what: Callable[[], object], description: str) -> float:
        """Return after how many seconds it came true. Raises AssertionError when it does not."""
        began = time.monotonic()
        wait_until(what, timeout_s=PATIENCE_S, every_s=0.2, description=description)
        return time.monotonic() - began

    def rebuilt(self) -> int:
        """Analyses that sweepers of this stack have put back into the queue."""
        logs = Path(self.stack.ready["logs"])
        return sum(int(line["analyses"]) for line in log_lines(logs, "queue_rebuilt"))

    def reports_missing(self) -> list[str]:
        """Games without a complete report over HTTP that has every move."""
        missing = []
        for game_id in self.game_ids:
            plies = self.api.get(f"/v1/games/{game_id}").json()["ply_count"]
            report = self.api.analysis(game_id)["report"]
            if report is None or report["phase"] != "complete" or len(report["moves"]) != plies:
                missing.append(game_id)
        return missing

    def not_done(self) -> list[str]:
        """Analyses that did not end as they should."""
        return [
            f"{row.game_id}: {row.state} {row.failure or ''}" for row in self.rows() if row.state != "done"
        ]

    def stored(self) -> dict[str, int]:
        """Game → how many of its phases the store has."""
        done = [None, *Phase]
        return {row.game_id: done.index(row.finished_phase) for row in self.rows()}

    def is_paused(self) -> bool:
        """Whether no phase function has been at work for two seconds."""
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            if any(self.busy().values()):
                return False
            time.sleep(0.1)
        return True

    def go_on_at(self, stack: LocalStack) -> None:
        """The same user with the same games at another stack, which has the same database."""
        user_id, token = self.api.user_id, self.api.token
        self.api.close()
        self.stack = stack
        headers = {"Authorization": f"Bearer {token}"}
        self.api = Api(base_url=stack.api_url, headers=headers, timeout=60, verify=False)
        self.api.user_id, self.api.token = user_id, token

    @contextlib.contextmanager
    def sweeping(self) -> Iterator[None]:
        """Call the sweeper often, if wanted; else its schedule does."""
        with Sweeps(self.stack) if self.sweeps_often else contextlib.nullcontext():
            yield
