"""A user of the API in the middle of faults: tries again what was refused for now, as a good client does."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from infra.local.http import request
from tests.chaos.games import SmallGame
from tests.chaos.outcome import Accepted, Reading
from tests.chaos.plan import Batch, Way
from tests.support.stack import LocalStack
from tests.support.users import PGN_TYPE

__all__ = ["Customer", "GaveUpError", "Surprise"]

RETRY_S = 1.0
REFRESH_S = 1800
"""A token is good for an hour."""


class GaveUpError(Exception):
    """The API refused for so long that the run is over."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """An answer that a good client does not expect."""

    request: str
    answer: httpx.Response

    def described(self, crashes: Mapping[str, str]) -> str:
        """In words, with what the API's log says."""
        crash = crashes.get(self.answer.headers.get("X-Request-Id", ""), "nothing in the log")
        return f"{self.request}: {self.answer.status_code} {self.answer.text[:300]} ({crash})"


class Customer:
    """One user. May be used from several threads."""

    def __init__(self, stack: LocalStack, *, is_premium: bool, patience_s: float) -> None:
        """Sign up. `patience_s`: longest time that one request is repeated."""
        self.stack = stack
        self.patience_s = patience_s
        self.email, self.password = f"{uuid.uuid4().hex}@example.com", uuid.uuid4().hex
        self.http = httpx.Client(base_url=stack.api_url, timeout=60, verify=False)
        self.token, self.signed_in_at, self.user_id = "", 0.0, ""
        self.lock = threading.Lock()
        self.accepted: dict[str, Accepted] = {}
        self.surprises: list[Surprise] = []
        self.refusals: Counter[str] = Counter()
        """Answers that were met with another try, by status or error."""
        self.authenticate("signup")
        if is_premium:
            self.change_profile({"plan": "premium"})

    def authenticate(self, path: str) -> None:
        """Sign up or in. Raises httpx.HTTPError."""
        answer = request(
            "POST",
            f"{self.stack.supabase_url}/auth/v1/{path}",
            headers={"apikey": self.stack.ready["supabase_publishable_key"]},
            json={"email": self.email, "password": self.password},
        ).raise_for_status()
        session = answer.json()
        self.token, self.user_id = session["access_token"], session["user"]["id"]
        self.signed_in_at = time.monotonic()

    def change_profile(self, values: dict[str, object]) -> None:
        """Set what only the service may: the plan, and who is an operator. Raises httpx.HTTPError."""
        request(
            "PATCH",
            f"{self.stack.supabase_url}/rest/v1/profiles?user_id=eq.{self.user_id}",
            headers={"apikey": self.stack.ready["supabase_secret_key"]},
            json=values,
        ).raise_for_status()

    def dead_letters(self) -> dict[str, str]:
        """Every analysis that was given up, by game, with its reason; makes this user an operator."""
        self.change_profile({"is_operator": True})
        letters: dict[str, str] = {}
        page: dict[str, str] = {"limit": "100"}
        while True:
            answer = self.request("GET", "/v1/operations/dead-letters", {200}, params=page).json()
            letters.update((letter["game_id"], letter["reason"]) for letter in answer["dead_letters"])
            if answer["next_cursor"] is None:
                return letters
            page["cursor"] = answer["next_cursor"]

    def serve(self, batch: Batch) -> None:
        """Do all errands of a batch, to the last acceptance. Raises GaveUpError."""
        ids = self.submit([errand.game for errand in batch.errands])
        bulk = [errand.way is Way.BULK for errand in batch.errands]
        if any(bulk):
            # Of this user's games only: other batches of the same may be begun by it, too, and are joined.
            self.request("POST", "/v1/games/process-unannotated", {202}, params={"limit": 500})
        started_at = time.monotonic()
        for game_id, errand in zip(ids, batch.errands, strict=True):
            if errand.way is Way.BULK:
                self.note(game_id, errand.game, 1)
            else:
                self.ask(game_id, errand.game)
        for game_id, errand in sorted(
            zip(ids, batch.errands, strict=True), key=lambda pair: pair[1].second_after_s
        ):
            if errand.way in (Way.TWICE, Way.CANCELLED, Way.CANCELLED_AND_AGAIN):
                time.sleep(max(0.0, started_at + errand.second_after_s - time.monotonic()))
                is_cancelled = errand.way is not Way.TWICE and self.cancel(game_id, errand.game)
                if errand.way is Way.TWICE or (is_cancelled and errand.way is Way.CANCELLED_AND_AGAIN):
                    self.ask(game_id, errand.game)

    def submit(self, games: list[SmallGame]) -> list[str]:
        """The games' ids in the same order."""
        pgn = "\n\n".join(game.pgn for game in games)
        answer = self.request(
            "POST", "/v1/games", {200, 201}, content=pgn, headers={"Content-Type": PGN_TYPE}
        )
        verdicts = answer.json()["games"]
        if any(verdict["verdict"] == "refused" for verdict in verdicts):
            self.surprises.append(Surprise("a legal game was refused", answer))
        return [str(verdict["id"]) for verdict in verdicts]

    def ask(self, game_id: str, game: SmallGame) -> None:
        """Ask for an analysis until it is accepted."""
        answer = self.request("POST", f"/v1/games/{game_id}/enhanced-annotate", {200, 202})
        self.note(game_id, game, int(answer.json()["status"]["generation"]))

    def cancel(self, game_id: str, game: SmallGame) -> bool:
        """Whether it was cancelled; False when it had ended before."""
        answer = self.request("DELETE", f"/v1/games/{game_id}/analysis", {200, 409})
        if answer.status_code == 200:
            generation = int(answer.json().get("status", answer.json())["generation"])
            self.note(game_id, game, generation, frozenset({"cancelled"}))
        return answer.status_code == 200

    def note(
        self, game_id: str, game: SmallGame, generation: int, wanted: frozenset[str] | None = None
    ) -> None:
        """Remember what was accepted last."""
        wanted = wanted or frozenset({"failed" if game.toxin else "done"})
        with self.lock:
            self.accepted[game_id] = Accepted(game_id, game, generation, wanted)

    def read(self, game_id: str) -> Reading | None:
        """The game's report at this moment; None when the API does not answer now."""
        try:
            answer = self.send("GET", f"/v1/games/{game_id}/analysis")
        except httpx.HTTPError:
            return None
        return Reading(game_id, answer.json()["report"]) if answer.status_code == 200 else None

    def request(self, method: str, path: str, expected: set[int], **arguments: Any) -> httpx.Response:
        """The first answer that is not a refusal for now. Raises GaveUpError."""
        deadline = time.monotonic() + self.patience_s
        while time.monotonic() < deadline:
            try:
                answer = self.send(method, path, **arguments)
            except httpx.HTTPError as error:
                self.refusals[type(error).__name__] += 1
            else:
                if answer.status_code in expected:
                    return answer
                self.refusals[str(answer.status_code)] += 1
                if answer.status_code < 500 or is_bug(answer):
                    self.surprises.append(Surprise(f"{method} {path}", answer))
            time.sleep(RETRY_S)
        raise GaveUpError(f"{method} {path} was refused for {self.patience_s:g} s")

    def send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """One answer. Raises httpx.HTTPError."""
        with self.lock:
            if time.monotonic() - self.signed_in_at > REFRESH_S:
                self.authenticate("token?grant_type=password")
        headers = {"Authorization": f"Bearer {self.token}", **arguments.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **arguments)

    def __enter__(self) -> Customer:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()


CRASHES = ("The function failed", "The function cannot be started", "The function did not answer")
"""What the local API Gateway says of a killed function."""


def is_bug(answer: httpx.Response) -> bool:
    """Whether an error says that the API itself did not know what to do."""
    try:
        problem = answer.json()
        return problem["code"] == "internal_error" and not str(problem["detail"]).startswith(CRASHES)
    except (ValueError, KeyError, TypeError):
        return True
