"""A signed-in user of a local stack, as end-to-end tests see one."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.stack import LocalStack
from tests.support.wait import wait_until

PGN_TYPE = "application/x-chess-pgn"


class Api(httpx.Client):
    """The HTTP API with one user's token, and shortcuts for the usual calls."""

    user_id: str
    token: str

    @classmethod
    def of_new_user(cls, stack: LocalStack) -> Api:
        """The API as a user who has just signed up."""
        user_id, token = stack.sign_up()
        api = cls(
            base_url=stack.api_url, headers={"Authorization": f"Bearer {token}"}, timeout=60, verify=False
        )
        api.user_id, api.token = user_id, token
        return api

    def submit(self, pgn: str) -> str:
        """The id of a game, stored now or before."""
        answer = self.post("/v1/games", content=pgn, headers={"Content-Type": PGN_TYPE})
        assert answer.status_code in (200, 201), answer.text
        return str(answer.json()["games"][0]["id"])

    def annotate(self, game_id: str, **parameters: Any) -> httpx.Response:
        """Ask for the analysis."""
        return self.post(f"/v1/games/{game_id}/enhanced-annotate", params=parameters)

    def status(self, game_id: str) -> dict[str, Any]:
        """The analysis' status."""
        answer = self.get(f"/v1/games/{game_id}/analysis/status")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def analysis(self, game_id: str) -> dict[str, Any]:
        """Status and report."""
        answer = self.get(f"/v1/games/{game_id}/analysis")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def finished(self, game_id: str, timeout_s: float = 60) -> dict[str, Any]:
        """The report of the last phase, waited for."""
        wait_until(
            lambda: self.status(game_id)["state"] == "done",
            timeout_s=timeout_s,
            every_s=0.1,
            description=f"analysis of {game_id} is done",
        )
        report = self.analysis(game_id)["report"]
        assert report is not None
        return dict(report)
