"""Which calls of Redis and of Supabase each route makes, as a local stack's API logs them at level DEBUG."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from knight_vision.domain.evaluation import Evaluation
from knight_vision.domain.game import MoveText
from knight_vision.domain.pgn_reader import pgn_text, read_game
from tests.bench.first_result.logs import LogReader
from tests.support.stack import ROOT, LocalStack
from tests.support.users import PGN_TYPE, Api

__all__ = ["KEY", "MOST", "WAITING", "calls_of_routes"]

MOST = 3
"""Calls that a route may make, with the one that counts the request and what keeps its answer."""
KEY = ", with an Idempotency-Key"
WAITING = ", waiting for it"
"""Looks at the queue until the analysis has left it; then it is read."""
PARTS = ("gate", "queue", "store", "users", "library")
"""Whose calls are round trips to Redis or Supabase; the bus' are events."""
EXAMPLES = ROOT / "examples"


class Watcher:
    """Sends requests and reads of each which calls it made."""

    def __init__(self, api: Api, log: Path) -> None:
        self.api = api
        self.log = LogReader(log)
        self.calls: dict[str, list[str]] = {}

    def ask(self, route: str, method: str, path: str, **how: Any) -> httpx.Response:
        """The answer to a request; its calls are noted under the route's name."""
        request_id = uuid.uuid4().hex
        headers = {"X-Request-Id": request_id, **how.pop("headers", {})}
        answer = self.api.request(method, path, headers=headers, **how)
        assert answer.is_success or answer.status_code == 304, f"{route}: {answer.text}"
        [invocation] = [one for one in self.log.invocations() if request_id in one.correlation_ids]
        self.calls[route] = [call.name for call in invocation.calls if call.name.partition(".")[0] in PARTS]
        return answer


def calls_of_routes() -> dict[str, list[str]]:
    """The calls by route, each asked once, of a user who is an operator as well."""
    parameters = {"IntermediateLimit": "nodes 500", "CompleteLimit": "nodes 1000", "LogLevel": "DEBUG"}
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalStack(parameters=parameters, data=Path(folder)) as stack,
        Api.of_new_user(stack) as api,
    ):
        found = {"user_id": f"eq.{api.user_id}"}
        as_service(stack, "PATCH", "profiles", {"is_operator": True}, **found)
        api.get("/v1/games")  # connects, and makes the public keys and scripts known
        watcher = Watcher(api, Path(stack.ready["logs"]) / "ApiFunction.log")
        play(stack, watcher)
        return watcher.calls


def play(stack: LocalStack, watcher: Watcher) -> None:
    """Each route once, in an order in which all go well."""
    ask, api = watcher.ask, watcher.api
    first, second, third, *others = pgns()
    type_ = {"Content-Type": PGN_TYPE}
    game_id = ask("submit_games", "POST", "/v1/games", content=first, headers=type_).json()["games"][0]["id"]
    ask(f"submit_games{KEY}", "POST", "/v1/games", content=first, headers=type_ | new_key())
    ask("list_games", "GET", "/v1/games")
    game = f"/v1/games/{game_id}"
    ask("get_game", "GET", game)
    ask("enhanced_annotate_game, new", "POST", f"{game}/enhanced-annotate")
    ask("enhanced_annotate_game, joined", "POST", f"{game}/enhanced-annotate")
    status = ask("get_analysis_status", "GET", f"{game}/analysis/status")
    api.finished(game_id)
    ask("enhanced_annotate_game, done", "POST", f"{game}/enhanced-annotate")
    ask(f"enhanced_annotate_game, done{KEY}", "POST", f"{game}/enhanced-annotate", headers=new_key())
    read = ask("get_analysis", "GET", f"{game}/analysis")
    known = {"If-None-Match": read.headers["ETag"]}
    ask("get_analysis, not modified", "GET", f"{game}/analysis", headers=known)
    ask(
        "get_analysis, modified", "GET", f"{game}/analysis", headers={"If-None-Match": status.headers["ETag"]}
    )
    ask("give_feedback", "POST", f"{game}/analysis/feedback", json={"rating": 4})
    ask(f"give_feedback{KEY}", "POST", f"{game}/analysis/feedback", json={"rating": 4}, headers=new_key())
    ask("get_quota", "GET", "/v1/me/quota")
    evaluated = api.submit(with_evaluations(second))
    ask("enhanced_annotate_game, with evaluations", "POST", f"/v1/games/{evaluated}/enhanced-annotate")
    other = api.submit(second)
    key = new_key()
    for again in ("", ", again"):
        ask(
            f"enhanced_annotate_game{KEY}{again}", "POST", f"/v1/games/{other}/enhanced-annotate", headers=key
        )
    ask("cancel_analysis", "DELETE", f"/v1/games/{other}/analysis")
    third_id = api.submit(third)
    ask("process_unannotated_games", "POST", "/v1/games/process-unannotated")
    fourth, *others = others
    api.submit(fourth)
    ask(f"process_unannotated_games{KEY}", "POST", "/v1/games/process-unannotated", headers=new_key())
    submit_all = "POST", "/v1/games?annotate=true"
    batch = ask("submit_games, annotate", *submit_all, content="\n\n".join(others), headers=type_).json()
    changed = "\n\n".join(pgn.replace("[White ", "[White_ ") for pgn in others)
    ask(f"submit_games, annotate{KEY}", *submit_all, content=changed, headers=type_ | new_key())
    ask("get_batch", "GET", f"/v1/batches/{batch['batch_id']}")
    ask("get_operations_metrics", "GET", "/v1/operations/metrics")
    ask("list_dead_letters", "GET", "/v1/operations/dead-letters")
    lost = given_up(stack, api, other)
    redrive = "POST", "/v1/operations/dead-letters/redrive"
    ask("redrive_dead_letters", *redrive, json={"game_ids": [lost]})
    again = given_up(stack, api, third_id)
    ask(f"redrive_dead_letters{KEY}", *redrive, json={"game_ids": [again]}, headers=new_key())
    waiting = {"wait_for_analysis": "true"}
    ask(f"enhanced_annotate_game{WAITING}", "POST", f"/v1/games/{lost}/enhanced-annotate", params=waiting)
    ask("export_my_data", "GET", "/v1/me/export")
    ask("delete_game", "DELETE", f"/v1/games/{batch['games'][0]['id']}")
    ask("delete_my_data", "DELETE", "/v1/me", headers={"Confirm-Delete": "everything"})


def new_key() -> dict[str, str]:
    """The header of a request that is to be answered once."""
    return {"Idempotency-Key": uuid.uuid4().hex}


def with_evaluations(pgn: str) -> str:
    """The game as a server that has analysed it would export it."""
    game = read_game(pgn, max_plies=600)
    return pgn_text(replace(game, texts=(MoveText(Evaluation(white_cp=20)),) * game.ply_count))


def pgns() -> Iterator[str]:
    """Games that have no evaluations with them."""
    return (path.read_text() for path in sorted(EXAMPLES.glob("*.pgn")) if path.stem != "several-games")


def given_up(stack: LocalStack, api: Api, game_id: str) -> str:
    """A game whose analysis is failed, asked for behind the queue's back."""
    asked = {"p_user_id": api.user_id, "p_game_ids": [game_id]}
    [requested] = as_service(stack, "POST", "rpc/request_analyses_v2", asked)
    failure = {"p_game_id": game_id, "p_generation": requested["generation"], "p_reason": "for a bench"}
    as_service(stack, "POST", "rpc/fail_analysis_v1", failure)
    return game_id


def as_service(stack: LocalStack, method: str, path: str, body: dict[str, Any], **found: str) -> Any:
    """What the stack's Supabase answers to the project's owner."""
    headers = {"apikey": stack.ready["supabase_secret_key"], "Prefer": "return=representation"}
    url = f"{stack.supabase_url}/rest/v1/{path}"
    answer = httpx.request(method, url, headers=headers, params=found, json=body, timeout=60)
    return answer.raise_for_status().json()
