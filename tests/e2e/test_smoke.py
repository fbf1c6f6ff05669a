"""The smoke test of a deployment, run against the local stack: it passes, and it fails where it should."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from infra import smoke_test
from infra.local.http import request
from knight_vision.domain.pgn_reader import read_game
from tests.support.stack import LocalStack

ROOT = Path(__file__).parents[2]


def outputs(stack: LocalStack) -> str:
    """What `sam list stack-outputs --output json` prints."""
    values = {
        "ApiUrl": stack.api_url + "/",
        "SupabaseUrl": stack.supabase_url,
        "SupabasePublishableKey": stack.ready["supabase_publishable_key"],
    }
    return json.dumps([{"OutputKey": name, "OutputValue": value} for name, value in values.items()])


def run(stack: LocalStack, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "infra/smoke_test.py"],
        cwd=ROOT,
        input=outputs(stack),
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_a_user_of_its_own_has_a_game_analysed_and_leaves_nothing(stack: LocalStack) -> None:
    email, password = f"{uuid.uuid4().hex}@example.com", uuid.uuid4().hex
    _, token = stack.sign_up(email, password)
    done = run(stack, SMOKE_EMAIL=email, SMOKE_PASSWORD=password)
    assert done.returncode == 0, done.stderr
    assert "analysed a game to the end" in done.stdout
    left = request("GET", f"{stack.api_url}/v1/games", headers={"Authorization": f"Bearer {token}"})
    assert left.json()["games"] == []


def test_games_that_earlier_runs_left_are_not_taken_for_analysed_ones_and_go(stack: LocalStack) -> None:
    email, password = f"{uuid.uuid4().hex}@example.com", uuid.uuid4().hex
    _, token = stack.sign_up(email, password)
    headers = {"Authorization": f"Bearer {token}"}
    games = f"{stack.api_url}/v1/games"
    [left] = request("POST", games, headers=headers, json={"pgn": smoke_test.a_new_game()}).json()["games"]
    done = run(stack, SMOKE_EMAIL=email, SMOKE_PASSWORD=password)
    assert done.returncode == 0, done.stderr
    assert left["id"][:8] not in done.stdout + done.stderr
    assert request("GET", games, headers=headers).json()["games"] == []


def test_no_two_games_are_the_same() -> None:
    games = {smoke_test.a_new_game() for _ in range(20)}
    assert len(games) == 20
    assert max(read_game(game, max_plies=30).ply_count for game in games) == smoke_test.PLIES


def test_without_a_user_it_says_what_it_skipped(stack: LocalStack) -> None:
    done = run(stack)
    assert done.returncode == 0, done.stderr
    assert "skipped" in done.stdout


def test_a_user_that_cannot_sign_in_fails_it(stack: LocalStack) -> None:
    done = run(stack, SMOKE_EMAIL="nobody@example.com", SMOKE_PASSWORD="wrong")
    assert done.returncode == 1
    assert "cannot sign in" in done.stderr


def test_a_service_that_is_not_ready_fails_it(stack: LocalStack) -> None:
    stack.part("valkey", "stop")
    try:
        with pytest.raises(smoke_test.SmokeError, match="503"):
            smoke_test.ready(stack.api_url, within_s=0)
    finally:
        stack.part("valkey", "start")
    smoke_test.ready(stack.api_url)
