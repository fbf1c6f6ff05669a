"""Every route, and what it sends to Supabase: the secret key never with a user's token, the owner named.

The API is asked over a server that keeps every request, in front of a real Supabase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from api import dependencies
from api.app import create_app
from knight_vision import bootstrap
from tests.support.recording_proxy import Recorded, RecordingProxy
from tests.support.supabase import SignedIn, a_result, sign_up, the_server
from tests.support.tokens import es_token
from tests.support.whole_api import WholeApi

PGN = "1. e4 e5 2. Nf3 d6 *"

OPERATIONS = [
    (method.upper(), path, operation["operationId"])
    for path, methods in create_app().openapi()["paths"].items()
    for method, operation in methods.items()
]
BODIES: dict[str, dict[str, Any]] = {
    "submit_games": {"content": PGN.replace("d6", "Nc6"), "headers": {"Content-Type": "text/plain"}},
    "give_feedback": {"json": {"rating": 5}},
    "delete_my_data": {"headers": {"Confirm-Delete": "everything"}},
    "redrive_dead_letters": {"json": {"game_ids": ["00000000-0000-4000-8000-000000000001"]}},
}
"""What some operations cannot do without."""
ASKS_NOBODY = {"get_health"}
OF_NOBODY = {"get_readiness"}
"""The check concerns no user."""


@dataclass
class Scene:
    """An operator with an analysed game: whoever may use every route."""

    api: WholeApi
    proxy: RecordingProxy
    user: SignedIn
    game_id: str
    batch_id: str

    def ask(self, operation: str, method: str, path: str) -> list[Recorded]:
        """What Supabase was sent for one request that went well."""
        self.proxy.requests.clear()
        how = BODIES.get(operation, {})
        path = path.replace("{game_id}", self.game_id).replace("{batch_id}", self.batch_id)
        answer = self.api.ask(method, path, self.user.token, **how)
        assert answer.is_success, f"say in BODIES how to call {operation}: {answer.text}"
        return list(self.proxy.requests)


@pytest.fixture
def scene() -> Iterator[Scene]:
    server = the_server()
    user = sign_up(server)
    server.make_operator(user.id)
    with RecordingProxy(server.url) as proxy, pytest.MonkeyPatch.context() as patch:
        api = WholeApi(patch, server, proxy.url)
        begun = api.ask("POST", "/v1/games?annotate=true", user.token, content=PGN).json()
        game_id = begun["games"][0]["id"]
        api.ask("POST", f"/v1/games/{game_id}/enhanced-annotate", user.token)
        bootstrap.store().save_phase(a_result(game_id))
        yield Scene(api, proxy, user, game_id, begun["batch_id"])
        api.forget()


def of_user(scene: Scene, request: Recorded) -> bool:
    return scene.user.token in request.raw


def names_owner(scene: Scene, request: Recorded) -> bool:
    """Its filter, or its function's argument, is the user's id: as the owner, or as the operator who asks."""
    if request.path.startswith("/rest/v1/rpc/"):
        return scene.user.id in (request.body.get("p_user_id"), request.body.get("p_operator_id"))
    return request.query.get("user_id") == [f"eq.{scene.user.id}"]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[one[2] for one in OPERATIONS])
def test_what_a_route_sends(scene: Scene, method: str, path: str, operation: str) -> None:
    server = the_server()
    requests = scene.ask(operation, method, path)
    assert bool(requests) is (operation not in ASKS_NOBODY)
    for request in requests:
        key, authorization = request.headers.get("apikey"), request.headers.get("authorization")
        if of_user(scene, request):
            assert key == server.publishable_key
            assert authorization == f"Bearer {scene.user.token}"
            assert server.secret_key not in request.raw
            assert names_owner(scene, request), f"{request.path} leaves it to row level security alone"
        else:
            assert (key, authorization) == (server.secret_key, None)
            assert operation in OF_NOBODY or names_owner(scene, request), f"{request.path} names no owner"


def test_an_operators_every_request_names_the_operator(scene: Scene) -> None:
    """The database looks whether it is one, and gives nothing otherwise."""
    found = 0
    for method, path, operation in OPERATIONS:
        if path.startswith("/v1/operations"):
            found += 1
            for request in scene.ask(operation, method, path):
                assert request.body["p_operator_id"] == scene.user.id
    assert found == 3


def test_both_kinds_of_requests_were_among_them(scene: Scene) -> None:
    """Else the tests above would say little."""
    path = "/v1/games/{game_id}/analysis"
    read = scene.ask("get_analysis", "GET", path)
    cancelled = scene.ask("cancel_analysis", "DELETE", path)
    assert {of_user(scene, one) for one in read} == {True}
    assert {of_user(scene, one) for one in cancelled} == {False}


def test_the_public_keys_are_asked_for_with_neither(scene: Scene) -> None:
    scene.proxy.requests.clear()
    dependencies.token_verifier.cache_clear()  # another test may have asked just now
    answer = scene.api.ask("GET", "/v1/games", es_token())
    assert answer.status_code == 401
    [request] = scene.proxy.requests
    assert request.path == "/auth/v1/.well-known/jwks.json"
    assert "apikey" not in request.headers
    assert "authorization" not in request.headers


def test_no_answer_and_no_problem_shows_a_key(scene: Scene) -> None:
    server = the_server()
    for method, path, operation in OPERATIONS:
        for token in (scene.user.token, None, es_token()):
            how = BODIES.get(operation, {})
            answer = scene.api.ask(method, path.replace("{game_id}", scene.game_id), token, **how)
            shown = answer.text + str(answer.headers)
            assert not re.search(r"sb_(secret|publishable)_", shown)
            assert server.jwt_secret not in shown
            assert token is None or token not in shown
