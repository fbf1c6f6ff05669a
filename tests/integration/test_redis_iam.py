"""Redis is signed in to with IAM tokens: over TLS as on AWS, and again with a new one after a cut."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from knight_vision import bootstrap
from knight_vision.adapters.redis_queue.client import RedisClient, Script, connect
from knight_vision.adapters.redis_queue.iam import ElastiCacheCredentials
from knight_vision.errors import QueueUnavailableError
from tests.support.position_caches import entries
from tests.support.recording import ManualClock
from tests.support.tls import TlsFront
from tests.support.valkey import ValkeyServer, admin

NEXT = Script("#!lua\nreturn redis.call('INCR', KEYS[1])")
KEY = "{kv}:number"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that Lambda gives a function."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "session")
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)
    monkeypatch.setenv(
        "AWS_CREDENTIAL_EXPIRATION", soon.isoformat()
    )  # botocore reads all of it anew each time


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def credentials(clock: ManualClock) -> ElastiCacheCredentials:
    return ElastiCacheCredentials(user="iam-user", cache_name="My-Cache", clock=lambda: clock.now_ms() / 1000)


def set_password(server: ValkeyServer, password: str) -> None:
    """Make the token the password of the user, as ElastiCache does by computing its signature itself."""
    with admin(server) as watcher:
        watcher.execute_command(
            "ACL", "SETUSER", "iam-user", "reset", "on", f">{password}", "~*", "&*", "+@all", "-@dangerous"
        )


def announce(server: ValkeyServer, port: int) -> None:
    """Let the cluster name another port of its node."""
    with admin(server) as watcher:
        watcher.config_set("cluster-announce-port", port)


@pytest.fixture
def server() -> Iterator[ValkeyServer]:
    """A server that lets nobody in without a password."""
    with ValkeyServer() as server:
        with admin(server) as watcher:
            watcher.execute_command("ACL", "SETUSER", "default", "off")
        yield server


@pytest.fixture(params=["serverless", "single", "cluster"])
def client(
    server: ValkeyServer,
    credentials: ElastiCacheCredentials,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[RedisClient]:
    """A client that signs in with tokens: to a cluster over TLS as on AWS, and without in either mode."""
    if request.param != "serverless":
        client = connect(server.url, request.param, credentials)
        yield client
        client.close()
        return
    with TlsFront(server.port or 0, tmp_path) as front:
        announce(server, front.port)
        client = connect(front.url, "cluster", credentials)
        yield client
        client.close()


def test_redis_is_signed_in_to_with_tokens(
    server: ValkeyServer,
    client: RedisClient,
    credentials: ElastiCacheCredentials,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(QueueUnavailableError):
        client.run(NEXT, [KEY], [])
    set_password(server, credentials.get_credentials()[1])
    assert client.run(NEXT, [KEY], []) == 1
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE2")
    clock.sleep(13 * 3600)
    assert client.run(NEXT, [KEY], []) == 2, "a token is asked for at the beginning of a connection only"
    set_password(server, credentials.get_credentials()[1])
    with admin(server) as watcher:
        watcher.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    assert client.run(NEXT, [KEY], []) == 3, "AWS has cut the connection: another one has the new token"


def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: ValkeyServer, credentials: ElastiCacheCredentials, tmp_path: Path
) -> None:
    set_password(server, credentials.get_credentials()[1])
    with TlsFront(server.port or 0, tmp_path) as front:
        client = connect(front.url.partition("?")[0], "single", credentials)
        with pytest.raises(QueueUnavailableError, match="certificate"):
            client.run(NEXT, [KEY], [])
        client.close()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The environment of a function, to which a test adds; the settings are read anew."""
    for name in ("SUPABASE_URL", "SUPABASE_PUBLISHABLE_KEY", "SUPABASE_SECRET_KEY", "EVENT_BUS_NAME"):
        monkeypatch.setenv(name, f"http://unused/{name}")
    made = (bootstrap.settings, bootstrap.redis_client, bootstrap.queue, bootstrap.position_cache)
    for part in made:
        part.cache_clear()
    yield monkeypatch
    for part in made:
        part.cache_clear()


def test_the_functions_sign_in_as_their_settings_say(
    server: ValkeyServer, settings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with TlsFront(server.port or 0, tmp_path) as front:
        announce(server, front.port)
        settings.setenv("REDIS_URL", front.url)
        settings.setenv("REDIS_USER", "iam-user")
        settings.setenv("REDIS_CACHE_NAME", "my-cache")
        credentials = bootstrap.redis_credentials()
        assert isinstance(credentials, ElastiCacheCredentials)
        settings.setattr(bootstrap, "redis_credentials", lambda: credentials)
        set_password(server, credentials.get_credentials()[1])
        bootstrap.queue().ping()
        cache = bootstrap.position_cache()
        assert cache is not None
        cache.write(entries(20))
        assert cache.read(list(entries(20))) == entries(20)


def test_without_a_cache_name_the_url_says_all(server: ValkeyServer, settings: pytest.MonkeyPatch) -> None:
    settings.setenv("REDIS_URL", server.admin_url)
    assert bootstrap.redis_credentials() is None
    bootstrap.queue().ping()


def test_with_a_ttl_of_0_there_is_no_position_cache(
    server: ValkeyServer, settings: pytest.MonkeyPatch
) -> None:
    settings.setenv("REDIS_URL", server.admin_url)
    settings.setenv("POSITION_CACHE_TTL_S", "0")
    assert bootstrap.position_cache() is None
