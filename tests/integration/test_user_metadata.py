"""What users may write about themselves gains them nothing: neither a plan, nor a right, nor another's rows.

Supabase lets everybody edit the metadata of their own account, at sign-up and later, and puts it into tokens.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from infra.local.http import request
from infra.local.supabase import MIGRATIONS, SupabaseServer
from tests.support.supabase import PASSWORD, SignedIn, rest, sign_up, the_server
from tests.support.whole_api import WholeApi

FUNCTIONS = Path(__file__).parents[2] / "functions"
WISHES = {"plan": "premium", "is_operator": True, "role": "service_role", "is_anonymous": False}
EDITS: list[dict[str, Any]] = [
    {"data": WISHES},
    {"user_metadata": WISHES},
    {"app_metadata": WISHES},
    {"raw_app_meta_data": WISHES},
    WISHES,
]
"""What a user sends about themselves: the first is what Supabase takes, the others are attempts."""


@pytest.fixture(scope="module")
def api() -> Iterator[WholeApi]:
    with pytest.MonkeyPatch.context() as patch:
        whole = WholeApi(patch, the_server())
        yield whole
        whole.forget()


def edited(server: SupabaseServer) -> SignedIn:
    """A user who wished for everything, at sign-up and later, and signed in again."""
    email, headers = f"{uuid.uuid4().hex}@example.org", {"apikey": server.publishable_key}
    credentials = {"email": email, "password": PASSWORD}
    wishes = {**WISHES, "data": WISHES, "app_metadata": WISHES}
    url = f"{server.url}/auth/v1"
    session = request("POST", f"{url}/signup", headers=headers, json={**credentials, **wishes}).json()
    headers["Authorization"] = f"Bearer {session['access_token']}"
    for edit in EDITS:
        request("PUT", f"{url}/user", headers=headers, json=edit)
    shown = request("GET", f"{url}/user", headers=headers).json()
    assert shown["user_metadata"]["plan"] == "premium", "the server took it"
    user_id, token = server.sign_in(email, PASSWORD)
    return SignedIn(user_id, token)  # type: ignore[arg-type]


def priority_of(api: WholeApi, user: SignedIn) -> Any:
    """The priority that a new game of the user's gets."""
    game = api.ask("POST", "/v1/games", user.token, content="1. e4 e5 *").json()["games"][0]["id"]
    answer = api.ask("POST", f"/v1/games/{game}/enhanced-annotate", user.token)
    assert answer.status_code == 202, answer.text
    return answer.json()["status"]["priority"]


def test_a_user_who_edits_their_metadata_gains_nothing(api: WholeApi) -> None:
    server = the_server()
    user = edited(server)
    claims = jwt.decode(user.token, options={"verify_signature": False})
    assert claims["role"] == "authenticated"
    assert priority_of(api, user) == "standard"
    for path in ("/v1/operations/metrics", "/v1/operations/dead-letters"):
        assert api.ask("GET", path, user.token).status_code == 403
    everything = rest(server, "GET", "profiles", role=user).json()
    assert [(row["user_id"], row["plan"], row["is_operator"]) for row in everything] == [
        (user.id, "free", False)
    ]


def test_the_profile_decides_and_is_asked_each_time(api: WholeApi) -> None:
    """The same token before and after: what the owner of the project writes counts at once, both ways."""
    server = the_server()
    user = sign_up(server)
    profile = {"user_id": f"eq.{user.id}"}
    for plan, is_operator in (("premium", True), ("free", False)):
        change = {"plan": plan, "is_operator": is_operator}
        rest(server, "PATCH", "profiles", params=profile, body=change).raise_for_status()
        answer = api.ask("GET", "/v1/operations/dead-letters", user.token)
        assert answer.status_code == (200 if is_operator else 403)
    rest(server, "PATCH", "profiles", params=profile, body={"plan": "premium"}).raise_for_status()
    assert priority_of(api, user) == "premium"


def test_users_cannot_write_their_profile(api: WholeApi) -> None:
    server = the_server()
    user = sign_up(server)
    profile = {"user_id": f"eq.{user.id}"}
    wishes = {"plan": "premium", "is_operator": True}
    rest(server, "PATCH", "profiles", role=user, params=profile, body=wishes)
    rest(server, "DELETE", "profiles", role=user, params=profile)
    rest(server, "POST", "profiles", role=user, body={"user_id": user.id, **wishes})
    [stored] = rest(server, "GET", "profiles", params=profile).json()
    assert (stored["plan"], stored["is_operator"]) == ("free", False)


@pytest.mark.parametrize(
    "path",
    [*sorted(FUNCTIONS.rglob("*.py")), *sorted(MIGRATIONS.glob("*.sql"))],
    ids=lambda path: path.name,
)
def test_no_code_reads_metadata(path: Path) -> None:
    """Not the trustworthy kind either: a right that was taken away would live on in a token."""
    text = path.read_text()
    for name in ("user_metadata", "app_metadata", "raw_user_meta_data", "raw_app_meta_data", "auth.jwt"):
        assert name not in text
