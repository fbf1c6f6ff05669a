"""One real local Supabase for the whole test session, users in it, and games to store."""

from __future__ import annotations

import atexit
import itertools
import json
import subprocess
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from infra.local.http import request
from infra.local.supabase import CLI, SupabaseServer
from knight_vision.domain.game import Game
from knight_vision.domain.job import GameId, UserId
from knight_vision.domain.phase import Limit, Phase
from knight_vision.ports import NewGame, PhaseResult

PASSWORD = "correct horse battery staple"
KNIGHTS_OUT_AND_BACK = ("g1f3", "g8f6", "f3g1", "f6g8")


@dataclass(frozen=True)
class SignedIn:
    """A user of the local Supabase."""

    id: UserId
    token: str


@cache
def the_server() -> SupabaseServer:
    """The session's Supabase, started by the first test that needs it."""
    server = SupabaseServer()
    atexit.register(server.stop)
    server.start()
    return server


def sign_up(server: SupabaseServer, plan: str = "free") -> SignedIn:
    """A new user."""
    user_id, token = server.sign_up(f"{uuid.uuid4().hex}@example.org", PASSWORD)
    if plan != "free":
        server.set_plan(user_id, plan)
    return SignedIn(UserId(user_id), token)


def rest(
    server: SupabaseServer,
    method: str,
    path: str,
    *,
    role: str | SignedIn = "service",
    body: Any = None,
    params: dict[str, str] | None = None,
) -> httpx.Response:
    """A request to the data API as `service`, `anonymous` or a signed-in user, changed rows in the answer."""
    headers = {
        "apikey": server.secret_key if role == "service" else server.publishable_key,
        "Prefer": "return=representation",
    }
    if isinstance(role, SignedIn):
        headers["Authorization"] = f"Bearer {role.token}"
    url = f"{server.url}/rest/v1/{path}"
    return request(method, url, headers=headers, params=params, json=body)


def run_sql(server: SupabaseServer, script: str) -> list[dict[str, Any]]:
    """The rows of the last statement, run as the owner on a database that is not served meanwhile.

    Unlike the server's start it leaves the grants as the migrations made them.
    """
    code = (
        "const [module, data, script] = process.argv.slice(-3);"
        "const { PGlite } = await import(module); const database = new PGlite(data);"
        "const results = await database.exec(script);"
        "console.log(JSON.stringify(results.at(-1).rows)); await database.close();"
    )
    module: Path = CLI.parents[4] / "@electric-sql" / "pglite" / "dist" / "index.js"
    command = ["node", "--input-type=module", "--eval", code, "--", str(module), str(server.database), script]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    rows: list[dict[str, Any]] = json.loads(answer.stdout)
    return rows


def a_new_game(ply_count: int = 4, **headers: str) -> NewGame:
    """A game unlike all others."""
    moves = tuple(itertools.islice(itertools.cycle(KNIGHTS_OUT_AND_BACK), ply_count))
    tags = {"White": "Anderssen", "Black": "Kieseritzky", "Result": "1-0", "Date": "1851.06.??", **headers}
    return NewGame(Game(moves, headers=tags), pgn="1. Nf3 Nf6 *", content_hash=uuid.uuid4().hex)


def a_move(ply: int) -> dict[str, Any]:
    """A move's row as docs/protocol.md shows it, told from others by its numbers."""
    return {
        "ply": ply,
        "san": "Nf3",
        "uci": "g1f3",
        "fen": "rnbqkbnr/pppppppp/8/8/8/5N2/PPPPPPPP/RNBQKB1R b KQkq - 1 1",
        "white_cp": 30 + ply if ply % 2 else None,
        "white_mate": None if ply % 2 else -ply,
        "win_percent": 52.5,
        "accuracy": 99.25 if ply % 3 else None,
        "judgement": "blunder" if ply == 2 else None,
        "judgement_reason": "mate_created" if ply == 2 else None,
        "best_uci": "d2d4",
        "best_san": "d4",
        "variation": ["d4", "d5"] if ply % 2 else [],
        "depth": 18,
        "nodes": 6_000_000_000 + ply,
        "clock_s": 59.5,
        "class": "blunder" if ply == 2 else "great",
        "second_white_cp": 12 if ply % 2 else None,
        "second_white_mate": None if ply % 2 else -ply,
        "missed": [{"motif": "fork", "ply": 0, "square": "d5", "targets": ["c7", "e7"]}] if ply == 2 else [],
        "allowed": [],
        "explanation": "Nf3 allows mate in two." if ply == 2 else None,
        "positional": {"white": {"mobility": 30}, "black": {"mobility": 29}},
        "spent_s": 3.25 if ply % 3 else None,
    }


def a_result(
    game_id: GameId, phase: Phase = Phase.INITIAL, *, generation: int = 1, ply_count: int = 4, mark: str = ""
) -> PhaseResult:
    """A finished phase; `mark` tells its report from another's."""
    return PhaseResult(
        game_id=game_id,
        generation=generation,
        phase=phase,
        report={"phase": phase.value, "mark": mark, "white": {"accuracy": 93.1}, "opening": None},
        moves=[a_move(ply) for ply in range(1, ply_count + 1)],
        engine="Stockfish 17.1",
        limit=Limit(depth=8) if phase is Phase.INITIAL else Limit(nodes=100_000),
        timings={"since_request_ms": 812},
    )
