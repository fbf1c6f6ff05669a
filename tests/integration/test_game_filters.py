"""What every GameLibrary must do with filters and orders: in memory, and by the database's own function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from knight_vision.domain.game_query import GameQuery, Place, Sort
from knight_vision.domain.job import UserId
from knight_vision.ports import NewGame
from tests.support.store_worlds import World, world
from tests.support.supabase import a_new_game, a_result


@pytest.fixture(scope="module", params=["memory", "supabase"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as here:
        yield here


def a_game(
    white: str, black: str, result: str, day: str, plies: int, eco: str = "", opening: str = ""
) -> NewGame:
    new = a_new_game(plies, White=white, Black=black, Result=result, Date=day)
    return replace(new, eco=eco or None, opening=opening or None)


GAMES = {
    "immortal": a_game("Anderssen, Adolf", "Kieseritzky", "1-0", "1851.06.21", 8, "C33", "Bishop's Gambit"),
    "opera": a_game("Morphy", "Duke, Karl", "1-0", "1858.??.??", 6, "C41", "Philidor Defense"),
    "century": a_game("Byrne, Donald", "Fischer, Robert", "0-1", "1956.10.17", 12, "D92", "Grunfeld Defense"),
    "draw": a_game("Fischer, Robert", "Tal", "1/2-1/2", "1960-11-01", 4, "C18", "French Defense: Winawer"),
    "undated": a_game("nobody", "O'Neil (100%), _x*", "*", "????.??.??", 2),
    "garbled": a_game("Tal", "someone", "1-0", "yesterday", 10, "B90", "Sicilian Defense: Najdorf"),
}
STORED = list(GAMES)


@pytest.fixture(scope="module")
def owner(here: World) -> UserId:
    """Somebody with these games, the third of which has a report; others have theirs."""
    owner = here.user()
    added = here.store.add_games(owner, list(GAMES.values()))
    here.store.add_games(here.user(), list(GAMES.values()))
    analysed = added[STORED.index("century")].game_id
    here.store.request_analyses(owner, [analysed, added[0].game_id])
    here.store.save_phase(a_result(analysed, ply_count=12))
    return owner


def found(here: World, owner: UserId, query: GameQuery) -> list[str]:
    """The games by name, read one by one."""
    names = {new.content_hash: name for name, new in GAMES.items()}
    by_players = {(new.game.headers["White"], new.game.headers["Black"]): new for new in GAMES.values()}
    rows = []
    after = None
    while page := here.library(owner).games(owner, query, limit=1, after=after):
        rows += page
        after = Place.of(page[-1], query.sort)
    assert rows == here.library(owner).games(owner, query, limit=100)
    return [names[by_players[row["white"], row["black"]].content_hash] for row in rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (GameQuery(player="fischer"), ["draw", "century"]),
        (GameQuery(player="TAL"), ["garbled", "draw"]),
        (GameQuery(white="fischer"), ["draw"]),
        (GameQuery(black="Fischer, R"), ["century"]),
        (GameQuery(player="fischer", result="0-1"), ["century"]),
        (GameQuery(white="byrne", black="fischer"), ["century"]),
        (GameQuery(opening="C"), ["garbled", "draw", "opera", "immortal"]),
        (GameQuery(opening="c33"), ["immortal"]),
        (GameQuery(opening="C4"), ["opera"]),
        (GameQuery(opening="defense:"), ["garbled", "draw"]),
        (GameQuery(result="*"), ["undated"]),
        (GameQuery(result="1-0"), ["garbled", "opera", "immortal"]),
        (GameQuery(played_from=date(1858, 1, 1)), ["draw", "century", "opera"]),
        (GameQuery(played_from=date(1858, 1, 2)), ["draw", "century"]),
        (GameQuery(played_to=date(1858, 1, 1)), ["opera", "immortal"]),
        (GameQuery(played_from=date(1956, 10, 17), played_to=date(1956, 10, 17)), ["century"]),
        (GameQuery(is_analysed=True), ["century"]),
        (GameQuery(is_analysed=False, player="a"), ["garbled", "draw", "opera", "immortal"]),
        (GameQuery(sort=Sort.OLDEST), STORED),
        (GameQuery(sort=Sort.SHORTEST), ["undated", "draw", "opera", "immortal", "garbled", "century"]),
        (GameQuery(sort=Sort.LONGEST, result="1-0"), ["garbled", "immortal", "opera"]),
        (GameQuery(player="kieser"), ["immortal"]),
        # Nothing in a name means anything.
        (GameQuery(player="%"), ["undated"]),
        (GameQuery(player="_"), ["undated"]),
        (GameQuery(player="*"), ["undated"]),
        (GameQuery(player="O'Neil (100%), _x*"), ["undated"]),
        (GameQuery(player="x,user_id.neq.1)"), []),
        (GameQuery(player="' or true --"), []),
        (GameQuery(opening="C.*|D%"), []),
        (GameQuery(result="1-0' or '1'='1"), []),
    ],
)
def test_filters_and_orders(here: World, owner: UserId, query: GameQuery, expected: list[str]) -> None:
    assert found(here, owner, query) == expected


@pytest.mark.parametrize("is_falling", [False, True])
def test_games_in_the_order_they_were_played(here: World, owner: UserId, is_falling: bool) -> None:
    names = found(here, owner, GameQuery(sort=Sort.PLAYED_LAST if is_falling else Sort.PLAYED_FIRST))
    if is_falling:
        names.reverse()
    assert set(names[:2]) == {"undated", "garbled"}, "without a date they are before all others"
    assert names[2:] == ["immortal", "opera", "century", "draw"]


@pytest.mark.parametrize("sort", Sort)
def test_pages_are_stable_while_games_are_stored(here: World, sort: Sort) -> None:
    """Nothing is shown twice and nothing that was there is missed, whatever comes in between."""
    user_id = here.user()
    query = GameQuery(sort=sort)
    there = {answer.game_id for answer in here.store.add_games(user_id, [a_new_game() for _ in range(6)])}
    seen: list[str] = []
    after = None
    while page := here.library(user_id).games(user_id, query, limit=2, after=after):
        seen += [row["id"] for row in page]
        after = Place.of(page[-1], sort)
        if len(seen) <= 6:
            here.store.add_games(user_id, [a_new_game(8), a_new_game(2, Date="2026.01.01")])
    assert len(seen) == len(set(seen))
    assert set(seen) >= there
