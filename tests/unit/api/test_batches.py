"""Many analyses asked for at once: by storing games, by those never asked for, and how far they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api.auth import User
from knight_vision.domain.job import Priority
from tests.support.openapi_scenes import PGN_TYPE
from tests.support.small_world import OTHER
from tests.unit.api.conftest import SmallApi

SEVERAL = "\n\n".join(f'[White "{number}"]\n\n1. e4 e5 2. Nf3 *' for number in range(5))
BAD = '[White "Bad"]\n\n1. e4 Qxh9 *'


def submit(api: SmallApi, pgn: str = SEVERAL, annotate: str = "true") -> Any:
    return api.ask(
        "POST", "/v1/games", content=pgn, headers={"Content-Type": PGN_TYPE}, params={"annotate": annotate}
    )


def batch(api: SmallApi, batch_id: str) -> Any:
    answer = api.ask("GET", f"/v1/batches/{batch_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_one_request_stores_and_queues_what_can_be(api: SmallApi) -> None:
    before = submit(api, annotate="false").json()
    assert ("batch_id" in before, api.world.queue.counts().jobs) == (False, 0)
    answer = submit(api, f"{SEVERAL}\n\n{BAD}\n\n1. d4 d5 *")
    body = answer.json()
    assert (answer.status_code, body["accepted"], body["duplicates"], body["refused"]) == (201, 1, 5, 1)
    assert body["queued"] == 6
    assert answer.headers["Location"] == f"/v1/batches/{body['batch_id']}"
    progress = batch(api, body["batch_id"])
    assert (progress["total"], progress["queued"], progress["percent"]) == (6, 6, 0.0)
    assert (progress["source"], progress["estimated_seconds_left"]) == ("submission", None)
    job = api.world.queue.read(body["games"][0]["id"])
    assert job is not None
    assert job.priority is Priority.BULK


def test_a_batch_goes_on_until_nothing_more_will_come(api: SmallApi) -> None:
    batch_id = submit(api).json()["batch_id"]
    percents = [batch(api, batch_id)["percent"]]
    while api.world.bus.calls:
        answer = api.ask("GET", f"/v1/batches/{batch_id}")
        if answer.json()["percent"] < 100:
            assert 1 <= int(answer.headers["Retry-After"]) <= 60
        api.world.run(api.world.bus.calls.pop(0))
        percents.append(batch(api, batch_id)["percent"])
    assert percents == sorted(percents)
    assert len(set(percents)) > 2
    end = api.ask("GET", f"/v1/batches/{batch_id}")
    assert "Retry-After" not in end.headers
    body = end.json()
    assert (body["done"], body["percent"], body["estimated_seconds_left"]) == (5, 100.0, 0)


def test_every_state_is_counted_and_deleted_games_are_not(api: SmallApi) -> None:
    body = submit(api).json()
    games = [game["id"] for game in body["games"]]
    api.world.store.fail(games[0], 1, "3 workers died over it")
    api.ask("DELETE", f"/v1/games/{games[1]}/analysis")
    api.ask("DELETE", f"/v1/games/{games[2]}")
    progress = batch(api, body["batch_id"])
    states = {name: progress[name] for name in ("total", "queued", "running", "done", "failed", "cancelled")}
    assert states == {"total": 4, "queued": 2, "running": 0, "done": 0, "failed": 1, "cancelled": 1}
    assert progress["percent"] == 50.0
    for game_id in games:
        api.ask("DELETE", f"/v1/games/{game_id}")
    progress = batch(api, body["batch_id"])
    assert (progress["total"], progress["percent"]) == (0, 100.0)


def test_games_never_asked_for_become_a_batch(api: SmallApi) -> None:
    submit(api, annotate="false")
    answer = api.ask("POST", "/v1/games/process-unannotated", params={"limit": 3})
    assert (answer.status_code, answer.json()["queued"]) == (202, 3)
    assert answer.headers["Location"] == f"/v1/batches/{answer.json()['batch_id']}"
    assert batch(api, answer.json()["batch_id"])["source"] == "unannotated"
    api.ask("POST", "/v1/games/process-unannotated")
    nothing = api.ask("POST", "/v1/games/process-unannotated")
    assert (nothing.json(), "Location" in nothing.headers) == ({"queued": 0, "batch_id": None}, False)


def test_a_full_queue_refuses_before_anything_is_stored_and_takes_what_it_has_room_for(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_unfinished_games=3)
    body = submit(api).json()
    assert (body["accepted"], body["queued"]) == (5, 3)
    refused = submit(api, "1. c4 c5 *")
    assert (refused.status_code, refused.json()["code"]) == (429, "queue_limit_reached")
    assert len(api.world.store.rows) == 5


def test_when_all_are_refused_there_is_no_batch(api: SmallApi) -> None:
    answer = submit(api, BAD)
    assert (answer.status_code, "batch_id" in answer.json()) == (422, False)
    assert not api.world.store.batches


def test_a_foreign_batch_is_not_found(api: SmallApi) -> None:
    batch_id = submit(api).json()["batch_id"]
    api.user = User(OTHER, "token")
    answer = api.ask("GET", f"/v1/batches/{batch_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "batch_not_found")
