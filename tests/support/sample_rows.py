"""A row of each table to try rights with: any user's, with everything it hangs on in place."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.supabase import SupabaseServer
from tests.support.supabase import SignedIn, a_move, rest

Row = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """How a row is made that is not there yet, and what an attacker would change in it."""

    new: Callable[[SupabaseServer, SignedIn], Row]
    change: Row


def planted(server: SupabaseServer, table: str, user: SignedIn) -> Row:
    """A new row of the user's, stored by the service, as it is stored."""
    answer = rest(server, "POST", table, body=SAMPLES[table].new(server, user))
    assert answer.status_code == 201, answer.text
    [row] = answer.json()
    return dict(row)


def a_profile(server: SupabaseServer, user: SignedIn) -> Row:
    """The one that a user has makes room."""
    params = {"user_id": f"eq.{user.id}"}
    [old] = rest(server, "DELETE", "profiles", params=params).json() or [{"is_operator": False}]
    return {"user_id": user.id, "plan": "free", "is_operator": old["is_operator"]}


def a_game(server: SupabaseServer, user: SignedIn) -> Row:
    texts = {"pgn": "*", "start_fen": "8/8", "moves": "", "content_hash": uuid.uuid4().hex}
    return {"id": str(uuid.uuid4()), "user_id": user.id, "ply_count": 0, **texts}


def an_analysis(server: SupabaseServer, user: SignedIn) -> Row:
    return {"game_id": planted(server, "games", user)["id"], "user_id": user.id, "priority": 2}


def a_moves_row(server: SupabaseServer, user: SignedIn) -> Row:
    game_id = planted(server, "analyses", user)["game_id"]
    return {"game_id": game_id, "user_id": user.id, **a_move(1)}


def a_rating(server: SupabaseServer, user: SignedIn) -> Row:
    game_id = planted(server, "analyses", user)["game_id"]
    report = {"report_phase": "initial", "report_generation": 1}
    return {"game_id": game_id, "user_id": user.id, "rating": 1, **report}


def a_batch(server: SupabaseServer, user: SignedIn) -> Row:
    return {"id": str(uuid.uuid4()), "user_id": user.id, "source": "submission"}


def a_game_of_a_batch(server: SupabaseServer, user: SignedIn) -> Row:
    batch_id, game_id = planted(server, "batches", user)["id"], planted(server, "games", user)["id"]
    return {"batch_id": batch_id, "game_id": game_id, "user_id": user.id}


SAMPLES = {
    "profiles": Sample(a_profile, {"plan": "premium"}),
    "games": Sample(a_game, {"white": "Mallory"}),
    "analyses": Sample(an_analysis, {"priority": 3}),
    "analysis_moves": Sample(a_moves_row, {"san": "Qxh9"}),
    "feedback": Sample(a_rating, {"rating": 5}),
    "batches": Sample(a_batch, {"source": "unannotated"}),
    "batch_games": Sample(a_game_of_a_batch, {"user_id": "00000000-0000-4000-8000-000000000000"}),
}
