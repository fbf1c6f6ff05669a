"""Cancelling and operating through the whole local stack, and the command line client on top of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.local.http import request
from knight_vision_cli.main import app
from tests.support.stack import LocalStack
from tests.support.users import Api
from tests.support.wait import wait_until

METRICS = "/v1/operations/metrics"
LETTERS = "/v1/operations/dead-letters"
A_LONG_GAME = " ".join(f"{n}. Nf3 Nf6 {n + 1}. Ng1 Ng8" for n in range(1, 500, 2)) + " *"
A_SHORT_GAME = "1. e4 e5 2. Nf3 d6 3. Bc4 Nc6 *"


def as_service(stack: LocalStack, method: str, path: str, body: Any, **params: str) -> Any:
    """What Supabase's data API answers to the service's own key."""
    answer = request(
        method,
        f"{stack.supabase_url}/rest/v1/{path}",
        headers={"apikey": stack.ready["supabase_secret_key"], "Prefer": "return=representation"},
        params=params,
        json=body,
    )
    answer.raise_for_status()
    return answer.json()


@pytest.fixture
def operator(stack: LocalStack) -> Iterator[Api]:
    """The API as an operator, made one as the project's owner does it."""
    with Api.of_new_user(stack) as api:
        stack.make_operator(api.user_id)
        yield api


def a_given_up_game(stack: LocalStack, api: Api) -> str:
    """A game whose analysis is failed: asked for behind the queue's back, so that nobody works on it."""
    game_id = api.submit(A_SHORT_GAME)
    user = {"p_user_id": api.user_id, "p_game_ids": [game_id]}
    [requested] = as_service(stack, "POST", "rpc/request_analyses_v2", user)
    failure = {"p_game_id": game_id, "p_generation": requested["generation"], "p_reason": "it was a test"}
    assert as_service(stack, "POST", "rpc/fail_analysis_v1", failure) == "saved"
    return game_id


def test_a_cancelled_analysis_leaves_the_queue_and_may_be_asked_for_again(api: Api, operator: Api) -> None:
    game_id = api.submit(A_LONG_GAME)
    api.annotate(game_id)
    for _ in range(2):
        answer = api.delete(f"/v1/games/{game_id}/analysis")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled"), answer.text
    status = api.status(game_id)
    assert (status["state"], status["phase"], status["generation"]) == ("cancelled", None, 1)
    wait_until(
        lambda: operator.get(METRICS).json()["queue"]["jobs"] == 0,
        timeout_s=30,
        description="nothing of it is left in the queue",
    )
    again = api.annotate(game_id)
    assert (again.status_code, again.json()["status"]["generation"]) == (202, 2)
    api.delete(f"/v1/games/{game_id}/analysis").raise_for_status()
    assert api.status(game_id)["generation"] == 2


def test_what_is_done_cannot_be_cancelled(api: Api) -> None:
    game_id = api.submit(A_SHORT_GAME)
    api.annotate(game_id)
    api.finished(game_id)
    answer = api.delete(f"/v1/games/{game_id}/analysis")
    assert (answer.status_code, answer.json()["code"]) == (409, "analysis_final")
    assert api.status(game_id)["state"] == "done"


def test_an_operator_sees_what_was_given_up_and_starts_it_again(
    stack: LocalStack, api: Api, operator: Api
) -> None:
    game_id = a_given_up_game(stack, api)
    assert api.status(game_id)["state"] == "failed"
    letters = operator.get(LETTERS, params={"limit": 100}).json()["dead_letters"]
    [letter] = [letter for letter in letters if letter["game_id"] == game_id]
    assert (letter["user_id"], letter["reason"]) == (api.user_id, "it was a test")
    assert operator.get(METRICS).json()["dead_letters"] >= 1
    answer = operator.post(f"{LETTERS}/redrive", json={"game_ids": [game_id]})
    assert answer.json() == {"redriven": 1, "game_ids": [game_id]}
    assert api.finished(game_id)["phase"] == "complete"
    assert api.status(game_id)["generation"] == 2
    letters = operator.get(LETTERS, params={"limit": 100}).json()["dead_letters"]
    assert game_id not in {letter["game_id"] for letter in letters}


def test_the_numbers_tell_what_was_done(api: Api, operator: Api) -> None:
    game_id = api.submit(A_SHORT_GAME)
    api.annotate(game_id)
    api.finished(game_id)
    metrics = operator.get(METRICS).json()
    assert metrics["problems"] == []
    assert metrics["queue"]["is_store_away"] is False
    last_hour = metrics["last_hour"]
    assert 0 < last_hour["mean_time_to_first_result_ms"] < last_hour["mean_time_to_complete_ms"]
    assert last_hour["phases"]["complete"]["priorities"]["standard"]["phases_finished"] >= 1
    assert last_hour["phases"]["complete"]["game_lengths"]["short"]["mean_phase_ms"] > 0


def test_who_is_an_operator_is_asked_each_time(stack: LocalStack, operator: Api) -> None:
    assert operator.get(METRICS).status_code == 200
    found = {"user_id": f"eq.{operator.user_id}"}
    as_service(stack, "PATCH", "profiles", {"is_operator": False}, **found)
    assert operator.get(METRICS).status_code == 403


def test_the_client_understands_the_operators_answers(stack: LocalStack, api: Api, operator: Api) -> None:
    def run(*arguments: str) -> str:
        env = {"KNIGHT_VISION_URL": stack.api_url, "KNIGHT_VISION_TOKEN": operator.token, "COLUMNS": "80"}
        result = CliRunner().invoke(app, ["operations", *arguments], env=env)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    game_id = a_given_up_game(stack, api)
    assert run("metrics").startswith("unfinished")
    assert game_id in run("dead-letters", "--limit", "100")
    assert json.loads(run("redrive", game_id, "--json")) == {"redriven": 1, "game_ids": [game_id]}
    api.finished(game_id)
