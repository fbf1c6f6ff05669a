"""Games a day by plan, unfinished analyses by plan, and what a user is told of it all."""

from __future__ import annotations

from dataclasses import replace

from tests.support.small_world import OPERA, USER
from tests.unit.api.conftest import SmallApi


def games(first: int, count: int) -> str:
    return "\n\n".join(f'[White "{number}"]\n\n1. e4 e5 *' for number in range(first, first + count))


def submit(api: SmallApi, first: int, count: int) -> dict[str, object]:
    answer = api.ask("POST", "/v1/games", content=games(first, count), headers=api.sign_in())
    body: dict[str, object] = answer.json()
    return {**body, "status": answer.status_code, "headers": answer.headers}


def test_a_day_has_so_many_new_games_by_plan(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_games_per_day=3, max_games_per_day_premium=4)
    assert submit(api, 0, 2)["accepted"] == 2
    refused = submit(api, 2, 2)
    assert (refused["status"], refused["code"]) == (429, "daily_limit_reached")
    assert (refused["limit"], refused["used"], refused["left"]) == (3, 2, 1)
    headers = refused["headers"]
    assert 0 < int(headers["Retry-After"]) <= 86_400  # type: ignore[index]
    assert submit(api, 2, 1)["accepted"] == 1
    assert submit(api, 0, 3)["duplicates"] == 3, "what is there counts for nothing"
    api.world.store.plans[USER] = "premium"
    assert submit(api, 3, 1)["accepted"] == 1
    assert submit(api, 4, 1)["limit"] == 4


def test_a_submission_is_told_what_is_left_of_the_day(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_games_per_day=10)
    headers = submit(api, 0, 2)["headers"]
    assert '"games-per-day";q=10;w=86400' in headers["RateLimit-Policy"]  # type: ignore[index]
    assert '"games-per-day";r=8;t=' in headers["RateLimit"]  # type: ignore[index]


def test_a_game_whose_text_is_too_long_is_refused_and_the_others_are_not(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_game_characters=1_000)
    long = f'[White "Long"]\n\n1. e4 {{{"x" * 1_000}}} e5 *'
    answer = api.ask("POST", "/v1/games", content=f"{long}\n\n{OPERA}", headers=api.sign_in())
    first, second = answer.json()["games"]
    assert (first["verdict"], first["problem"]["code"]) == ("refused", "invalid_game")
    assert "characters, the most is 1000" in first["problem"]["detail"]
    assert second["verdict"] == "accepted"


def test_premium_users_may_have_more_unfinished_analyses(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_unfinished_games=1, max_unfinished_games_premium=2)
    ids = [api.world.submit(f'[White "{number}"]\n\n1. e4 e5 *') for number in range(4)]
    headers = api.sign_in()
    asked = [api.ask("POST", f"/v1/games/{one}/enhanced-annotate", headers=headers) for one in ids[:2]]
    assert [answer.status_code for answer in asked] == [202, 429]
    api.world.store.plans[USER] = "premium"
    asked = [api.ask("POST", f"/v1/games/{one}/enhanced-annotate", headers=headers) for one in ids[1:3]]
    assert [answer.status_code for answer in asked] == [202, 429]
    assert asked[-1].json()["limit"] == 2
    api.world.answer_calls()
    answer = api.ask("POST", "/v1/games/process-unannotated", headers=headers)
    assert answer.json()["queued"] == 2


def test_the_quota_has_each_limit_with_what_is_used_and_left(api: SmallApi) -> None:
    api.world.settings = replace(
        api.world.settings, max_games_per_day=10, max_unfinished_games=5, user_requests_burst=7
    )
    submit(api, 0, 3)
    api.world.request(api.world.submit())
    api.world.clock.sleep(60)
    api.gate.calls.clear()
    answer = api.ask("GET", "/v1/me/quota", headers=api.sign_in())
    assert answer.status_code == 200
    body = answer.json()
    assert body["plan"] == "free"
    day = body["limits"]["games_per_day"]
    assert (day["limit"], day["used"], day["left"]) == (10, 4, 6)
    assert day["resets_at"].endswith("Z")
    unfinished = {"limit": 5, "used": 1, "left": 4, "resets_at": None}
    assert body["limits"]["unfinished_games"] == unfinished
    requests = body["limits"]["user_requests"]
    assert (requests["limit"], requests["used"], requests["left"]) == (7, 1, 6)
    assert body["limits"]["address_requests"]["used"] == 1
    assert body["sizes"]["game_plies"] == api.world.settings.max_plies
    assert '"games-per-day";r=6' in answer.headers["RateLimit"]
    assert api.gate.calls == ["enter"]


def test_the_quota_needs_no_redis(api: SmallApi) -> None:
    api.gate.is_away = True
    body = api.ask("GET", "/v1/me/quota", headers=api.sign_in()).json()
    assert body["limits"]["games_per_day"]["used"] == 0
    assert body["limits"]["user_requests"]["used"] is None
