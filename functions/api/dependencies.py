"""What routes ask for: the user, the use cases, the PGN in the body."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Path, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from api.auth import TokenVerifier, User
from api.public_keys import fetch_json
from knight_vision import bootstrap
from knight_vision.adapters.system_clock import SystemClock
from knight_vision.domain.job import GameId
from knight_vision.domain.pgn_encoding import decode_pgn
from knight_vision.domain.queue_glance import NOTHING_SEEN, QueueGlance
from knight_vision.errors import InvalidRequestError, TooLargeError, UnauthorizedError
from knight_vision.observability import PowertoolsObserver, traced
from knight_vision.ports import GameLibrary
from knight_vision.services.batches import Batches
from knight_vision.services.cancel_analysis import CancelAnalysis
from knight_vision.services.operate import Operate
from knight_vision.services.own_data import DeleteData
from knight_vision.services.read_analysis import ReadAnalysis
from knight_vision.services.request_analysis import RequestAnalysis

if TYPE_CHECKING:
    from knight_vision.adapters.supabase.library import SupabaseLibrary

__all__ = [
    "Asking",
    "BatchPath",
    "Canceller",
    "CurrentUser",
    "GamePath",
    "Glance",
    "InBatches",
    "Library",
    "Operations",
    "OwnData",
    "PgnBody",
    "Reader",
    "RequestId",
    "json_only",
]

GamePath = Annotated[GameId, Path(description="A game's id, as submit_games answers it")]
"""Any text: one that cannot be an id is an unknown game like any other."""
BatchPath = Annotated[str, Path(description="A batch's id, as the request that began it answered")]
PGN_TYPES = ("application/x-chess-pgn", "application/vnd.chess-pgn", "text/plain")
JSON_TYPE = "application/json"
bearer = HTTPBearer(auto_error=False, description="A Supabase user's access token.")


@cache
def token_verifier() -> TokenVerifier:
    """Kept for the environment's life: it holds the project's public keys."""
    settings = bootstrap.settings()
    fetch = partial(fetch_json, bootstrap.supabase_http())
    return TokenVerifier(settings.supabase_url, settings.supabase_jwt_secret, fetch=fetch)


def current_user(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> User:
    """The signed-in user. Raises UnauthorizedError."""
    if credentials is None:
        raise UnauthorizedError("Send a Supabase user's token: 'Authorization: Bearer <token>'.")
    known = getattr(request.state, "user", None)
    if isinstance(known, User) and known.token == credentials.credentials:
        return known  # verified when the request was counted
    return token_verifier().verify(credentials.credentials)


CurrentUser = Annotated[User, Depends(current_user)]


@cache
def library_source() -> SupabaseLibrary:
    """The connection that all users' reads share; the token travels with each request."""
    from knight_vision.adapters.supabase.library import SupabaseLibrary

    settings = bootstrap.settings()
    http = bootstrap.supabase_http()
    return SupabaseLibrary(settings.supabase_url, settings.supabase_publishable_key, http=http)


def library(user: CurrentUser) -> GameLibrary:
    """The user's games, read with the user's own token."""
    return traced("library", library_source().for_token(user.token))


Library = Annotated[GameLibrary, Depends(library)]


def reader(library: Library) -> ReadAnalysis:
    """The use cases of reading."""
    return ReadAnalysis(library, bootstrap.queue(), SystemClock(), PowertoolsObserver(), bootstrap.settings())


Reader = Annotated[ReadAnalysis, Depends(reader)]


def canceller(reader: Reader) -> CancelAnalysis:
    """The use case of cancelling."""
    return CancelAnalysis(bootstrap.store(), bootstrap.queue(), reader, PowertoolsObserver())


Canceller = Annotated[CancelAnalysis, Depends(canceller)]


def own_data() -> DeleteData:
    """The use cases of deleting."""
    return DeleteData(bootstrap.user_store(), bootstrap.queue(), PowertoolsObserver())


OwnData = Annotated[DeleteData, Depends(own_data)]


def asking(request: Request) -> RequestAnalysis:
    """The use cases of asking for analyses. With an Idempotency-Key the queue gets them with the answer."""
    later, requests = getattr(request.state, "later", None), bootstrap.request_analysis()
    return requests if later is None else replace(requests, later=later)


Asking = Annotated[RequestAnalysis, Depends(asking)]


def batches(request: Request) -> Callable[[], Batches]:
    """Makes the use cases of asking for many analyses at once, for whoever does ask."""
    return lambda: Batches(asking(request))


InBatches = Annotated[Callable[[], Batches], Depends(batches)]


def operations(asking: Asking) -> Operate:
    """The use cases of operators."""
    return replace(bootstrap.operate(), requests=asking)


Operations = Annotated[Operate, Depends(operations)]


def glance(request: Request) -> QueueGlance:
    """What was seen of the queue when the request was counted: see api/queue_looks.py."""
    seen = getattr(request.state, "glance", NOTHING_SEEN)
    return seen if isinstance(seen, QueueGlance) else NOTHING_SEEN


Glance = Annotated[QueueGlance, Depends(glance)]


def request_id(request: Request) -> str:
    """The id of this request; jobs carry it on as their correlation id."""
    return str(request.state.request_id)


RequestId = Annotated[str, Depends(request_id)]


async def json_only(
    request: Request,
    user: CurrentUser,
    content_type: Annotated[str, Header(include_in_schema=False)] = JSON_TYPE,
) -> None:
    """Return when the body is JSON and not too large. Raises HTTPException 415, TooLargeError."""
    if content_type.partition(";")[0].strip().lower() != JSON_TYPE:
        raise HTTPException(415, f"Send the body as {JSON_TYPE}.")
    refuse_encoded(request)
    refuse_too_large(await request.body())


async def pgn_body(
    request: Request,
    user: CurrentUser,
    content_type: Annotated[str, Header(include_in_schema=False)] = "text/plain",
) -> str:
    """The PGN in the body, plain or in JSON; read only after the user is known."""
    refuse_encoded(request)
    body = await request.body()
    refuse_too_large(body)
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in PGN_TYPES:
        return decode_pgn(body)
    if media_type == JSON_TYPE:
        return pgn_in_json(body)
    raise HTTPException(415, f"Send PGN as application/json or one of {', '.join(PGN_TYPES)}.")


def refuse_encoded(request: Request) -> None:
    """Raises HTTPException 415 for a body that would have to be unpacked: a small one may be a large one."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise HTTPException(415, "Send the body as it is, without a Content-Encoding: nothing is unpacked.")


def refuse_too_large(body: bytes) -> None:
    """Raises TooLargeError for more than MAX_BODY_BYTES."""
    most = bootstrap.settings().max_body_bytes
    if len(body) > most:
        raise TooLargeError(f"The body has {len(body)} bytes, the most is {most}: send fewer games at once.")


def pgn_in_json(body: bytes) -> str:
    """The text under `pgn`. Raises InvalidRequestError."""
    try:
        document = json.loads(body)
    except RecursionError as error:
        raise InvalidRequestError("The body is nested too deeply: it is no PGN.") from error
    except ValueError as error:
        raise InvalidRequestError(f"The body is not JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("pgn"), str):
        raise InvalidRequestError('The body must be a JSON object like {"pgn": "1. e4 e5 …"}.')
    # JSON can spell out lone surrogates and control characters: the same rules as for plain bodies.
    return decode_pgn(str(document["pgn"]).encode("utf-8", errors="replace"))


PgnBody = Annotated[str, Depends(pgn_body)]
