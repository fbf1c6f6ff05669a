"""What every GameLibrary must do, and what the one in Supabase owes to the user's own token."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jwt
import pytest

from knight_vision.domain.game import Game
from knight_vision.domain.game_query import GameQuery, Place
from knight_vision.domain.job import GameId, Priority, UserId
from knight_vision.domain.phase import Phase
from knight_vision.errors import UnauthorizedError
from knight_vision.ports import ALL_GAMES, NewGame
from tests.support.store_worlds import SupabaseWorld, World, world
from tests.support.supabase import a_move, a_new_game, a_result, rest

UNKNOWN_ID = GameId("00000000-0000-4000-8000-000000000000")
LONGEST_GAME = 1_200  # Settings.max_plies; more than the 1,000 rows a hosted project answers


@pytest.fixture(scope="module", params=["memory", "supabase"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as here:
        yield here


@pytest.fixture(scope="module")
def supabase() -> Iterator[SupabaseWorld]:
    with world("supabase") as here:
        assert isinstance(here, SupabaseWorld)
        yield here


def the_pages(
    here: World, user_id: UserId, limit: int, query: GameQuery = ALL_GAMES
) -> list[list[dict[str, Any]]]:
    pages = []
    after = None
    while page := here.library(user_id).games(user_id, query, limit=limit, after=after):
        pages.append(page)
        after = Place.of(page[-1], query.sort)
    return pages


def with_opening(new: NewGame, eco: str = "C33", opening: str = "King's Gambit Accepted") -> NewGame:
    return replace(new, eco=eco, opening=opening)


# Games


def test_games_are_listed_newest_first_and_page_by_page(here: World) -> None:
    user_id = here.user()
    first = here.store.add_games(user_id, [a_new_game() for _ in range(4)])
    second = here.store.add_games(user_id, [a_new_game() for _ in range(3)])
    here.store.add_games(here.user(), [a_new_game()])
    newest_first = [answer.game_id for answer in reversed(first + second)]
    for limit in (1, 2, 3, 7, 100):
        pages = the_pages(here, user_id, limit)
        assert [row["id"] for page in pages for row in page] == newest_first
        assert all(len(page) <= limit for page in pages)


def test_a_game_in_a_list_has_what_tells_it_from_others(here: World) -> None:
    user_id = here.user()
    game_id = here.store.add_games(user_id, [with_opening(a_new_game(Event="London", Site="London ENG"))])[
        0
    ].game_id
    [row] = here.library(user_id).games(user_id, limit=10)
    created_at = row.pop("created_at")
    assert created_at.endswith("+00:00")
    assert row == {
        "id": game_id,
        "white": "Anderssen",
        "black": "Kieseritzky",
        "result": "1-0",
        "event": "London",
        "site": "London ENG",
        "played_on": "1851.06.??",
        "played_day": "1851-06-01",
        "eco": "C33",
        "opening": "King's Gambit Accepted",
        "start_fen": Game(()).start_fen,
        "is_chess960": False,
        "ply_count": 4,
        "queue_status": None,
        "analysis_phase": None,
        "accuracy": None,
    }


def test_a_game_in_a_list_has_the_accuracies_of_the_report_that_can_be_read(here: World) -> None:
    user_id = here.user()
    asked, never_asked = (
        answer.game_id for answer in here.store.add_games(user_id, [a_new_game(), a_new_game()])
    )
    here.store.request_analyses(user_id, [asked])

    def listed() -> dict[str, Any]:
        return {row["id"]: row["accuracy"] for row in here.library(user_id).games(user_id, limit=10)}

    assert listed() == {asked: None, never_asked: None}
    here.store.save_phase(a_result(asked))
    assert listed() == {asked: {"white": 93.1, "black": None}, never_asked: None}
    deeper = a_result(asked, Phase.INTERMEDIATE)
    sides = {"white": {"accuracy": 88.0}, "black": {"accuracy": 0}}
    here.store.save_phase(replace(deeper, report={**deeper.report, **sides}))
    assert listed()[asked] == {"white": 88.0, "black": 0}


def test_one_game_comes_with_its_pgn(here: World) -> None:
    user_id = here.user()
    new = NewGame(Game(("e2e4",), headers={"White": "O'Kelly", "Round": "?"}), "1. e4 *", "hash")
    game_id = here.store.add_games(user_id, [new])[0].game_id
    [listed] = here.library(user_id).games(user_id, limit=1)
    row = here.library(user_id).game(user_id, game_id)
    del listed["accuracy"]
    assert row == {**listed, "pgn": "1. e4 *", "headers": new.game.headers, "moves": "e2e4"}
    assert row["black"] is None


def test_texts_come_back_as_they_went_in(here: World) -> None:
    odd = 'Ke\'res, "Paul" (1916-75) \\ 將棋 ♞ 😀 %00 {} ; drop table games; --'
    user_id = here.user()
    headers = {"White": odd, odd: "odd"}
    game_id = here.store.add_games(user_id, [NewGame(Game((), headers=headers), odd, odd)])[0].game_id
    row = here.library(user_id).game(user_id, game_id)
    assert row is not None
    assert (row["white"], row["headers"], row["pgn"]) == (odd, headers, odd)
    [again] = here.store.add_games(user_id, [NewGame(Game((), headers=headers), odd, odd)])
    assert not again.is_new


# Analyses


def test_a_game_nobody_asked_for_has_no_analysis(here: World) -> None:
    user_id = here.user()
    game_id = here.store.add_games(user_id, [a_new_game()])[0].game_id
    library = here.library(user_id)
    game = library.game(user_id, game_id)
    assert game is not None
    assert library.analysis(user_id, game_id, with_report=True) == {**game, "analysis": None}


def test_a_requested_analysis_has_no_report_yet(here: World) -> None:
    user_id = here.user()
    game_id = here.store.add_games(user_id, [a_new_game()])[0].game_id
    here.store.request_analyses(user_id, [game_id])
    row = here.library(user_id).analysis(user_id, game_id, with_report=True)
    assert row is not None
    analysis = row["analysis"]
    for name in ("requested_at", "updated_at"):
        assert analysis.pop(name).endswith("+00:00")
    assert row["queue_status"] == "queued"
    assert row["analysis_phase"] is None
    assert analysis == {
        "generation": 1,
        "state": "queued",
        "phase": "initial",
        "finished_phase": None,
        "progress": 0,
        "priority": 2,
        "report": None,
        "report_phase": None,
        "report_generation": None,
        "engine": None,
        "limits": {},
        "timings": {},
        "degraded": False,
        "failure": None,
        "finished_at": None,
        "white_accuracy": None,
        "black_accuracy": None,
        "moves": [],
    }


def test_a_report_comes_back_as_it_was_saved(here: World) -> None:
    user_id = here.user()
    game_id = here.store.add_games(user_id, [a_new_game()])[0].game_id
    here.store.request_analyses(user_id, [game_id])
    here.store.save_phase(a_result(game_id))
    saved = a_result(game_id, Phase.INTERMEDIATE, mark="2")
    saved.moves.reverse()
    here.store.save_phase(saved)
    library = here.library(user_id)
    row = library.analysis(user_id, game_id, with_report=True)
    assert row is not None
    analysis = row["analysis"]
    assert analysis["moves"] == [a_move(ply) for ply in range(1, 5)]
    assert analysis["report"] == saved.report
    assert analysis["engine"] == "Stockfish 17.1"
    assert analysis["limits"] == {"initial": "depth 8", "intermediate": "nodes 100000"}
    assert analysis["timings"] == {
        "initial": {"since_request_ms": 812},
        "intermediate": {"since_request_ms": 812},
    }
    assert (analysis["state"], analysis["phase"], analysis["progress"]) == ("running", "complete", 2)
    assert (row["queue_status"], row["analysis_phase"]) == ("running", "intermediate")
    without = library.analysis(user_id, game_id, with_report=False)
    for name in ("report", "moves"):
        del analysis[name]
    for name in ("pgn", "headers", "moves"):
        del row[name]
    assert without == row


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_a_final_state_shows_everywhere(here: World, end: str) -> None:
    user_id = here.user()
    game_id = here.store.add_games(user_id, [a_new_game()])[0].game_id
    here.store.request_analyses(user_id, [game_id])
    if end == "done":
        here.store.save_phase(a_result(game_id, Phase.COMPLETE))
    elif end == "failed":
        here.store.fail(game_id, 1, "3 workers died over it")
    else:
        here.store.cancel(user_id, game_id)
    row = here.library(user_id).analysis(user_id, game_id, with_report=False)
    assert row is not None
    assert row["queue_status"] == row["analysis"]["state"] == end
    assert row["analysis"]["phase"] is None
    assert row["analysis"]["finished_at"].endswith("+00:00")
    assert row["analysis"]["failure"] == ("3 workers died over it" if end == "failed" else None)


def test_the_longest_game_comes_back_whole(here: World) -> None:
    """A hosted project cuts every list at 1,000 rows, lists inside other rows too."""
    user_id = here.user()
    game_id = here.store.add_games(user_id, [a_new_game(LONGEST_GAME)])[0].game_id
    here.store.request_analyses(user_id, [game_id])
    here.store.save_phase(a_result(game_id, ply_count=LONGEST_GAME))
    row = here.library(user_id).analysis(user_id, game_id, with_report=True)
    assert row is not None
    assert [move["ply"] for move in row["analysis"]["moves"]] == list(range(1, LONGEST_GAME + 1))


def test_a_foreign_game_is_as_unknown_as_none(here: World) -> None:
    owner_id, other_id = here.user(), here.user()
    foreign = here.store.add_games(owner_id, [a_new_game()])[0].game_id
    here.store.request_analyses(owner_id, [foreign])
    library = here.library(other_id)
    for game_id in (foreign, UNKNOWN_ID, GameId("1"), GameId("eq.1,or=(id.neq.1)"), GameId(foreign.upper())):
        assert library.game(other_id, game_id) is None
        assert library.analysis(other_id, game_id, with_report=True) is None
    assert library.games(other_id, limit=10) == []


# Only in Supabase: the token decides, whatever the caller says


def test_row_level_security_holds_when_the_query_names_another_user(supabase: SupabaseWorld) -> None:
    """A bug in the API that mixes users up must not show one user's games to another."""
    owner_id, other_id = supabase.user(), supabase.user()
    game_id = supabase.store.add_games(owner_id, [a_new_game()])[0].game_id
    supabase.store.request_analyses(owner_id, [game_id])
    with_others_token = supabase.library(other_id)
    assert with_others_token.games(owner_id, limit=10) == []
    assert with_others_token.game(owner_id, game_id) is None
    assert with_others_token.analysis(owner_id, game_id, with_report=True) is None


def test_the_query_holds_when_the_token_could_read_more(supabase: SupabaseWorld) -> None:
    owner_id, other_id = supabase.user(), supabase.user()
    game_id = supabase.store.add_games(owner_id, [a_new_game()])[0].game_id
    with_owners_token = supabase.library(owner_id)
    assert with_owners_token.games(other_id, limit=10) == []
    assert with_owners_token.game(other_id, game_id) is None
    assert with_owners_token.analysis(other_id, game_id, with_report=True) is None


@pytest.mark.parametrize("kind", ["garbage", "forged", "expired"])
def test_a_bad_token_is_unauthorized(supabase: SupabaseWorld, kind: str) -> None:
    user_id = supabase.user()
    claims = {"sub": user_id, "role": "authenticated", "aud": "authenticated", "exp": 4_000_000_000}
    secret = supabase.server.jwt_secret
    token = {
        "garbage": "x.y.z",
        "forged": jwt.encode(claims, "another secret that is long enough to sign with", algorithm="HS256"),
        "expired": jwt.encode({**claims, "exp": 1_000_000_000}, secret, algorithm="HS256"),
    }[kind]
    library = supabase.libraries.for_token(token)
    with pytest.raises(UnauthorizedError):
        library.games(user_id, limit=10)
    with pytest.raises(UnauthorizedError):
        library.analysis(user_id, UNKNOWN_ID, with_report=True)


def test_a_token_without_a_signature_reads_nothing(supabase: SupabaseWorld) -> None:
    """A hosted project answers 401, the local one takes the reader for nobody; the API refuses it before."""
    user_id = supabase.user()
    game_id = supabase.store.add_games(user_id, [a_new_game()])[0].game_id
    parts = [{"alg": "none", "typ": "JWT"}, {"sub": user_id, "role": "authenticated", "exp": 4_000_000_000}]
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    library = supabase.libraries.for_token(".".join([*texts, ""]))
    with contextlib.suppress(UnauthorizedError):
        assert library.games(user_id, limit=10) == []
    with pytest.raises(UnauthorizedError):
        library.analysis(user_id, game_id, with_report=True)


def test_a_deleted_account_cannot_store_games(supabase: SupabaseWorld) -> None:
    with pytest.raises(UnauthorizedError, match="sign up"):
        supabase.store.add_games(UserId("00000000-0000-4000-8000-000000000001"), [a_new_game()])


def test_what_postgres_cannot_hold_is_left_out(supabase: SupabaseWorld) -> None:
    user_id = supabase.user()
    new = NewGame(Game((), headers={"White\x00": "A\x00B\ud800"}), "1. e4\x00 \udfff *", "hash")
    game_id = supabase.store.add_games(user_id, [new])[0].game_id
    row = supabase.library(user_id).game(user_id, game_id)
    assert row is not None
    assert (row["white"], row["pgn"]) == ("AB?", "1. e4 ? *")
    supabase.store.request_analyses(user_id, [game_id])
    supabase.store.fail(game_id, 1, "engine said \x00")


def test_a_user_without_a_profile_counts_as_free(supabase: SupabaseWorld) -> None:
    user_id = supabase.user("premium")
    rest(supabase.server, "DELETE", "profiles", params={"user_id": f"eq.{user_id}"}).raise_for_status()
    game_id = supabase.store.add_games(user_id, [a_new_game()])[0].game_id
    [requested] = supabase.store.request_analyses(user_id, [game_id])
    assert requested.priority is Priority.STANDARD
