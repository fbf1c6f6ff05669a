"""A user with too many unfinished analyses is told so, with the numbers, and nothing is accepted."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.api.conftest import SmallApi


def submit(api: SmallApi, count: int) -> list[str]:
    return [str(api.world.submit(f'[White "{number}"]\n\n1. e4 e5 *')) for number in range(count)]


def test_the_limit_is_a_problem_with_its_numbers_and_a_time_to_come_back(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_unfinished_games=2)
    games = submit(api, 3)
    for game_id in games[:2]:
        assert api.ask("POST", f"/v1/games/{game_id}/enhanced-annotate").status_code == 202
    for path in (f"/v1/games/{games[2]}/enhanced-annotate", "/v1/games/process-unannotated"):
        answer = api.ask("POST", path)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "60"
        body = answer.json()
        assert (body["code"], body["limit"], body["unfinished"]) == ("queue_limit_reached", 2, 2)
    assert api.ask("GET", f"/v1/games/{games[2]}/analysis").json()["code"] == "analysis_not_found"
    api.world.answer_calls()
    assert api.ask("POST", f"/v1/games/{games[2]}/enhanced-annotate").status_code == 202


def test_in_bulk_as_many_are_accepted_as_are_left(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_unfinished_games=2)
    submit(api, 5)
    answer = api.ask("POST", "/v1/games/process-unannotated")
    assert (answer.status_code, answer.json()["queued"]) == (202, 2)


def test_what_is_complete_can_be_asked_for_at_the_limit(api: SmallApi) -> None:
    api.world.settings = replace(api.world.settings, max_unfinished_games=1)
    done, waiting = submit(api, 2)
    api.ask("POST", f"/v1/games/{done}/enhanced-annotate")
    api.world.answer_calls()
    assert api.ask("POST", f"/v1/games/{waiting}/enhanced-annotate").status_code == 202
    answer = api.ask("POST", f"/v1/games/{done}/enhanced-annotate")
    assert (answer.status_code, answer.json()["status"]["state"]) == (200, "done")
