"""Where ports meet adapters. Each part is made at first use and kept for the environment's life."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, cast

from knight_vision.config import Settings
from knight_vision.errors import SettingsUnavailableError

if TYPE_CHECKING:
    import httpx
    from redis import CredentialProvider

    from knight_vision.adapters.redis_queue.client import RedisClient
    from knight_vision.domain.queue_tables import OrderSettings
    from knight_vision.entrance import RequestGate
    from knight_vision.ports import (
        AnalysisStore,
        Engine,
        EventBus,
        JobQueue,
        Observer,
        PositionCache,
    )
    from knight_vision.services.operate import Operate
    from knight_vision.services.own_data import GiveFeedback
    from knight_vision.services.request_analysis import RequestAnalysis
    from knight_vision.services.run_phase import RunPhase
    from knight_vision.services.sweep import Sweep
    from knight_vision.user_ports import UserStore

__all__ = [
    "event_bus",
    "give_feedback",
    "observer",
    "operate",
    "phase_runner",
    "position_cache",
    "queue",
    "request_analysis",
    "request_gate",
    "settings",
    "store",
    "supabase_http",
    "sweeper",
    "user_store",
]

SECRETS_UNREADABLE = "The secrets cannot be read at the moment: try again."

# Adapters and use cases are imported where they are used: no function loads what only another one needs.


@cache
def settings() -> Settings:
    """The settings of this function. Raises ConfigurationError."""
    return Settings.from_env(os.environ, secret_parameters)


def secret_parameters(names: Sequence[str]) -> Mapping[str, str]:
    """The decrypted values of SSM parameters by name, with one call. Raises SettingsUnavailableError."""
    from aws_lambda_powertools.utilities import parameters
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    # A caller waits for it, and is told to come again before API Gateway gives up.
    config = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 3, "mode": "standard"})
    try:
        provider = parameters.SSMProvider(boto_config=config)
        values = cast(
            "dict[str, str]", provider.get_parameters_by_name({name: {} for name in names}, decrypt=True)
        )
    # What is missing raises Powertools' own error, what is refused or away boto's.
    except (BotoCoreError, ClientError, parameters.GetParameterError) as error:
        raise SettingsUnavailableError(SECRETS_UNREADABLE) from error
    # Of an internal error at Parameter Store Powertools makes an answer without the values.
    if not values.keys() >= set(names):
        raise SettingsUnavailableError(SECRETS_UNREADABLE)
    return values


@cache
def redis_client() -> RedisClient:
    """The connection to Redis that the queue and the cache share."""
    from knight_vision.adapters.redis_queue.client import connect

    known = settings()
    return connect(known.redis_url, known.redis_mode, redis_credentials())


@cache
def queue() -> JobQueue:
    """The queue in Redis."""
    from knight_vision.adapters.redis_queue.queue import RedisQueue
    from knight_vision.observability import traced

    queue = RedisQueue(redis_client(), prefix=settings().redis_prefix, order=queue_order())
    return traced("queue", queue)


def queue_order() -> OrderSettings:
    """What decides who is next."""
    from knight_vision.domain.queue_tables import OrderSettings

    known = settings()
    return OrderSettings(
        priority_boost_ms=known.priority_boost_ms,
        fair_share_ms=known.fair_share_ms,
        degrade_after_ms=known.degrade_after_ms,
        degrade_floor_percent=known.degrade_floor_percent,
    )


def redis_credentials() -> CredentialProvider | None:
    """What signs in to Redis with IAM; None when the URL says all."""
    known = settings()
    if not (known.redis_cache_name or known.redis_user):
        return None
    from knight_vision.adapters.redis_queue.iam import elasticache_credentials

    return elasticache_credentials(known.redis_url, user=known.redis_user, cache_name=known.redis_cache_name)


@cache
def position_cache() -> PositionCache | None:
    """The evaluations that games share, in Redis; None when none are shared."""
    from knight_vision.adapters.position_cache import RedisPositionCache
    from knight_vision.observability import PowertoolsObserver, traced

    known = settings()
    if known.position_cache_ttl_s <= 0:
        return None
    cache = RedisPositionCache(
        redis_client(),
        prefix=known.redis_prefix,
        ttl_s=known.position_cache_ttl_s,
        observer=PowertoolsObserver(),
    )
    return traced("cache", cache)


@cache
def observer() -> Observer:
    """Log lines and metrics."""
    from knight_vision.observability import PowertoolsObserver

    return PowertoolsObserver()


@cache
def request_gate() -> RequestGate:
    """Where the API's requests come in, in Redis."""
    from knight_vision.adapters.request_gate import RedisRequestGate
    from knight_vision.observability import traced

    gate = RedisRequestGate(
        redis_client(), prefix=settings().redis_prefix, order=queue_order(), observer=observer()
    )
    return traced("gate", gate)


@cache
def supabase_http() -> httpx.Client:
    """The connection to Supabase that all share: making one loads every certificate, 40 ms of a core."""
    from knight_vision.adapters.supabase.client import open_http

    return open_http()


@cache
def store() -> AnalysisStore:
    """The store in Supabase, with the service's own key."""
    from knight_vision.adapters.supabase.store import SupabaseStore
    from knight_vision.observability import traced

    known = settings()
    store = SupabaseStore(known.supabase_url, known.supabase_secret_key, http=supabase_http())
    return traced("store", store)


@cache
def user_store() -> UserStore:
    """What users do with what is theirs, in the same store."""
    from knight_vision.adapters.supabase.user_store import SupabaseUserStore
    from knight_vision.observability import traced

    known = settings()
    users = SupabaseUserStore(known.supabase_url, known.supabase_secret_key, http=supabase_http())
    return traced("users", users)


@cache
def event_bus() -> EventBus:
    """The event bus."""
    from knight_vision.adapters.eventbridge import EventBridgeBus
    from knight_vision.observability import traced

    return traced("bus", EventBridgeBus(settings().event_bus_name))


@cache
def engine() -> Engine:
    """The warm engine of this environment."""
    from knight_vision.adapters.stockfish import Stockfish
    from knight_vision.observability import traced

    return traced("engine", Stockfish(settings().stockfish_path, hash_mb=settings().engine_hash_mb))


@cache
def phase_runner() -> RunPhase:
    """The use case of a phase function."""
    from knight_vision.adapters.system_clock import SystemClock
    from knight_vision.domain.cost import Architecture, FunctionSize
    from knight_vision.observability import PowertoolsObserver
    from knight_vision.services.run_phase import RunPhase

    is_arm = platform.machine() in ("aarch64", "arm64")
    return RunPhase(
        queue=queue(),
        store=store(),
        bus=event_bus(),
        engine=engine(),
        cache=position_cache(),
        clock=SystemClock(),
        ids=lambda: os.urandom(16).hex(),
        observer=PowertoolsObserver(),
        settings=settings(),
        size=FunctionSize(
            # Lambda says it; 1,769 MB are one processor.
            memory_mb=int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")),
            architecture=Architecture.ARM64 if is_arm else Architecture.X86_64,
        ),
    )


@cache
def sweeper() -> Sweep:
    """The use case of the scheduled function."""
    from knight_vision.adapters.system_clock import SystemClock
    from knight_vision.observability import PowertoolsObserver
    from knight_vision.services.sweep import Sweep

    return Sweep(queue(), store(), event_bus(), SystemClock(), PowertoolsObserver(), settings())


@cache
def request_analysis() -> RequestAnalysis:
    """The use cases that put analyses into the queue."""
    from knight_vision.observability import PowertoolsObserver
    from knight_vision.services.request_analysis import RequestAnalysis

    return RequestAnalysis(store(), queue(), event_bus(), PowertoolsObserver(), settings())


@cache
def give_feedback() -> GiveFeedback:
    """The use case of rating a report."""
    from knight_vision.observability import PowertoolsObserver
    from knight_vision.services.own_data import GiveFeedback

    return GiveFeedback(user_store(), PowertoolsObserver())


@cache
def operate() -> Operate:
    """The use cases of operators."""
    from knight_vision.adapters.system_clock import SystemClock
    from knight_vision.observability import PowertoolsObserver
    from knight_vision.services.operate import Operate

    observer = PowertoolsObserver()
    return Operate(store(), user_store(), queue(), request_analysis(), observer, SystemClock())
