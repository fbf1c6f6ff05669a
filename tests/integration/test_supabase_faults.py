"""The Supabase adapters when Supabase is away, slow, broken or refuses: one error, soon, and recovery."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest

from infra.local.process import free_port
from infra.local.supabase import SupabaseServer
from knight_vision.adapters.supabase import client
from knight_vision.adapters.supabase.client import open_http, raise_for_refusal
from knight_vision.adapters.supabase.library import SupabaseLibrary
from knight_vision.adapters.supabase.store import SupabaseStore
from knight_vision.domain.job import GameId, UserId
from knight_vision.errors import StoreUnavailableError, UnauthorizedError
from knight_vision.ports import SaveAnswer
from tests.support.supabase import a_new_game, a_result, sign_up, the_server

USER_ID = UserId("00000000-0000-4000-8000-000000000001")
GAME_ID = GameId("00000000-0000-4000-8000-000000000002")
SECRET_KEY = "sb_secret_s"
PUBLISHABLE_KEY = "sb_publishable_p"
TOKEN = "users.own.token"

CALLS: dict[str, Callable[[SupabaseStore], object]] = {
    "add_games": lambda store: store.add_games(USER_ID, [a_new_game()]),
    "usage": lambda store: store.usage(USER_ID),
    "request_analyses": lambda store: store.request_analyses(USER_ID, [GAME_ID]),
    "request_analysis": lambda store: store.request_analysis(USER_ID, GAME_ID),
    "request_unannotated": lambda store: store.request_unannotated(None, 1),
    "request_degraded": lambda store: store.request_degraded(1),
    "cancel": lambda store: store.cancel(USER_ID, GAME_ID),
    "dead_letters": lambda store: store.dead_letters(USER_ID, at_most=1),
    "count_dead_letters": lambda store: store.count_dead_letters(),
    "redrive": lambda store: store.redrive(USER_ID, [GAME_ID]),
    "save_phase": lambda store: store.save_phase(a_result(GAME_ID)),
    "requested": lambda store: store.requested([GAME_ID]),
    "fail": lambda store: store.fail(GAME_ID, 1, "x"),
    "read_pgn": lambda store: store.read_pgn(GAME_ID),
    "unfinished": lambda store: store.unfinished(older_than_ms=0, at_most=1),
    "ping": lambda store: store.ping(),
}


class Wire:
    """An HTTP transport that answers what it is told and keeps what it was sent."""

    def __init__(self, status: int = 200, body: object = None, error: Exception | None = None) -> None:
        self.requests: list[httpx.Request] = []
        self.status, self.body, self.error = status, body, error

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.error:
            raise self.error
        return httpx.Response(self.status, json=self.body)

    def store(self, key: str = SECRET_KEY) -> SupabaseStore:
        return SupabaseStore("http://supabase.test", key, http=self._http())

    def libraries(self, key: str = PUBLISHABLE_KEY) -> SupabaseLibrary:
        return SupabaseLibrary("http://supabase.test", key, http=self._http())

    def _http(self) -> httpx.Client:
        return httpx.Client(
            transport=httpx.MockTransport(self), event_hooks={"response": [raise_for_refusal]}
        )


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    "wire",
    [
        Wire(500, {"code": "XX000", "message": "internal"}),
        Wire(503, {"code": "PGRST002", "message": "no schema cache"}),
        Wire(504, "not even JSON of the right shape"),
        Wire(429, {"message": "slow down"}),
        Wire(401, {"message": "Invalid API key"}),
        Wire(404, {"code": "PGRST202", "message": "no such function"}),
        Wire(400, {"code": "42703", "message": "no such column"}),
        Wire(405, {"code": "25006", "message": "cannot execute UPDATE in a read-only transaction"}),
        Wire(error=httpx.ConnectError("refused")),
        Wire(error=httpx.ReadTimeout("slow")),
        Wire(error=httpx.RemoteProtocolError("cut")),
    ],
    ids=lambda wire: type(wire.error).__name__ if wire.error else str(wire.status),
)
def test_every_call_of_the_store_says_unavailable_and_asks_once(
    call: Callable[[SupabaseStore], object], wire: Wire
) -> None:
    wire.requests.clear()
    with pytest.raises(StoreUnavailableError):
        call(wire.store())
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (500, StoreUnavailableError),
        (429, StoreUnavailableError),
        (401, UnauthorizedError),
        (403, UnauthorizedError),
    ],
)
def test_every_call_of_the_library_tells_a_bad_token_from_a_bad_server(
    status: int, error: type[Exception]
) -> None:
    library = Wire(status, {"code": "42501", "message": "permission denied"}).libraries().for_token(TOKEN)
    with pytest.raises(error):
        library.games(USER_ID, limit=1)
    with pytest.raises(error):
        library.game(USER_ID, GAME_ID)
    with pytest.raises(error):
        library.analysis(USER_ID, GAME_ID, with_report=False)


def test_the_service_key_never_meets_a_users_token() -> None:
    for_service, for_user = Wire(body=[]), Wire(body=[])
    for name, call in CALLS.items():
        if name not in ("save_phase", "fail", "cancel", "count_dead_letters", "ping"):
            is_about_the_day = name in ("add_games", "usage")
            day = {"plan": "free", "used": 0, "resets_in_s": 1, "games": [], "new": 0, "batch": None}
            for_service.body = day if is_about_the_day else []
            call(for_service.store())
    for_user.libraries().for_token(TOKEN).games(USER_ID, limit=1)
    for request in for_service.requests:
        assert request.headers["apikey"] == SECRET_KEY
        assert "authorization" not in request.headers
    [request] = for_user.requests
    assert request.headers["apikey"] == PUBLISHABLE_KEY
    assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_a_secret_key_takes_no_users_token() -> None:
    with pytest.raises(ValueError, match="publishable"):
        Wire().libraries(SECRET_KEY).for_token(TOKEN)


def test_a_key_of_the_old_kind_is_sent_as_a_token_too_but_never_instead_of_the_users() -> None:
    for_service, for_user = Wire(body=[]), Wire(body=[])
    for_service.store("old.service.jwt").unfinished(older_than_ms=0, at_most=1)
    for_user.libraries("old.anon.jwt").for_token(TOKEN).games(USER_ID, limit=1)
    assert for_service.requests[0].headers["authorization"] == "Bearer old.service.jwt"
    assert for_user.requests[0].headers["apikey"] == "old.anon.jwt"
    assert for_user.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_nobody_listening_is_known_at_once() -> None:
    with open_http() as http:
        store = SupabaseStore(f"http://127.0.0.1:{free_port()}", SECRET_KEY, http=http)
        started_s = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            store.ping()
        assert time.monotonic() - started_s < 1


def test_a_server_that_accepts_and_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT_S", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent, open_http() as http:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreUnavailableError):
            SupabaseStore(url, SECRET_KEY, http=http).ping()


def test_a_wrong_service_key_does_not_look_like_a_bad_token() -> None:
    with open_http() as http:
        store = SupabaseStore(the_server().url, "sb_secret_wrong", http=http)
        with pytest.raises(StoreUnavailableError, match="SUPABASE_SECRET_KEY"):
            store.ping()


@pytest.fixture(scope="module")
def own_server() -> Iterator[SupabaseServer]:
    """One that a test may kill."""
    with SupabaseServer() as server:
        yield server


def test_what_was_saved_survives_a_kill_and_the_connection_recovers(own_server: SupabaseServer) -> None:
    """The same store and library go on, with the same keys and tokens, as after an outage of Supabase."""
    user = sign_up(own_server)
    with open_http() as http:
        store = SupabaseStore(own_server.url, own_server.secret_key, http=http)
        libraries = SupabaseLibrary(own_server.url, own_server.publishable_key, http=http)
        library = libraries.for_token(user.token)
        game_id = store.add_games(user.id, [a_new_game()])[0].game_id
        store.request_analyses(user.id, [game_id])
        assert store.save_phase(a_result(game_id)) is SaveAnswer.SAVED
        before = library.analysis(user.id, game_id, with_report=True)

        own_server.kill()
        with pytest.raises(StoreUnavailableError):
            store.save_phase(a_result(game_id))
        with pytest.raises(StoreUnavailableError):
            library.games(user.id, limit=1)

        own_server.start()
        assert store.save_phase(a_result(game_id)) is SaveAnswer.ALREADY_SAVED
        assert library.analysis(user.id, game_id, with_report=True) == before


def test_a_folder_is_served_once(own_server: SupabaseServer) -> None:
    """Two servers on one PGlite folder destroy it."""
    twin = SupabaseServer(own_server.directory)
    with pytest.raises(BlockingIOError):
        twin.start()


def test_migrations_that_were_applied_are_not_asked_for_again(own_server: SupabaseServer) -> None:
    own_server.restart()
    assert own_server.log.read_text().count("Applied") == len(list(own_server.migrations.glob("*.sql")))


def test_a_read_only_database_is_a_store_that_is_away() -> None:
    """Reads go on as if nothing were wrong: whoever asks whether it is back must hear that it is not."""
    Wire(body=True).store().ping()
    with pytest.raises(StoreUnavailableError, match="read-only"):
        Wire(body=False).store().ping()
