"""Every setting of the functions, read from the environment in one place and checked at cold start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.quota import ByPlan, RequestRate
from knight_vision.errors import ConfigurationError

__all__ = ["Settings"]

DEFAULT_LIMITS = {
    Phase.INITIAL: Limit(depth=8),
    Phase.INTERMEDIATE: Limit(nodes=150_000, is_adaptive=True),
    Phase.COMPLETE: Limit(nodes=1_000_000, is_adaptive=True),
}
"""lichess searches 1,000,000 nodes a position for an analysis a person asks for (lila, modules/fishnet)."""

SHORTEST_JWT_SECRET = 32
"""Characters; a shorter one can be guessed from any token (RFC 7518, section 3.2)."""

SECRETS = ("SUPABASE_SECRET_KEY", "SUPABASE_JWT_SECRET", "REDIS_URL")
"""Settings that may be given as `<NAME>_PARAMETER`, the name of an SSM parameter, instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a function. A field is the environment variable of the same name in capitals."""

    supabase_url: str
    """Base URL of the Supabase project."""
    supabase_publishable_key: str
    """The key that goes with a user's own token."""
    supabase_secret_key: str
    """The service's key: bypasses row level security, never sent along with a user's token."""
    supabase_jwt_secret: str = ""
    """Set only where tokens are signed with HS256; empty: the project's public keys are used."""
    redis_url: str
    """`redis://` or `rediss://` URL of Redis or Valkey."""
    redis_mode: str = "cluster"
    """`cluster` (ElastiCache Serverless) or `single`."""
    redis_prefix: str = "kv"
    """Hash tag of the queue's keys and first part of all others: two deployments may share one Redis."""
    redis_user: str = ""
    """User name for Redis, only with REDIS_CACHE_NAME."""
    redis_cache_name: str = ""
    """Name of an ElastiCache Serverless cache: signs in with short-lived IAM tokens, not with a password."""
    event_bus_name: str
    """Name of the EventBridge bus for wake-up calls."""
    phase: Phase | None = None
    """The phase of this function; unset in the others."""
    stockfish_path: str = "/opt/bin/stockfish"
    """The engine's binary, from the Stockfish layer."""
    engine_hash_mb: int = 32
    """Size of the engine's hash table in MiB."""
    initial_limit: Limit = DEFAULT_LIMITS[Phase.INITIAL]
    """Search limit of the initial phase, `depth N`, `nodes N` or `nodes N adaptive`."""
    intermediate_limit: Limit = DEFAULT_LIMITS[Phase.INTERMEDIATE]
    """Search limit of the intermediate phase."""
    complete_limit: Limit = DEFAULT_LIMITS[Phase.COMPLETE]
    """Search limit of the complete phase."""
    positions_per_segment: int = 9
    """Most positions in a segment of the intermediate and complete phase, and of an initial one that is
    limited by nodes."""
    positions_per_initial_segment: int = 50
    """Most positions in a segment of an initial phase that is limited by depth."""
    phase_fanout: int = 10
    """Most functions called at once for one phase: by one game, or by one sweep."""
    initial_concurrency: int = 150
    """Most functions of the initial phase at once: no more are called."""
    intermediate_concurrency: int = 150
    """The same of the intermediate phase."""
    complete_concurrency: int = 650
    """The same of the complete phase."""
    max_attempts: int = 3
    """Claims of a unit before it is given up."""
    lease_margin_ms: int = 5_000
    """A lease ends this long after its function's last moment."""
    priority_boost_ms: int = 600_000
    """One step of priority is worth this much waiting."""
    fair_share_ms: int = 30_000
    """A user's next game stands in line as if it had come this much later than its turn."""
    max_unfinished_games: int = 5_000
    """Most unfinished analyses of one user; further requests are refused until some are finished."""
    max_unfinished_games_premium: int = 20_000
    """The same on the premium plan."""
    degrade_after_ms: int = 120_000
    """A phase of a job that waited longer than this gets a smaller node limit, in proportion; 0: never."""
    degrade_floor_percent: int = 25
    """No limit gets smaller than this share of the configured one."""
    redo_degraded_limit: int = 20
    """Degraded analyses that the sweeper has done again each run when the queue is idle; 0: none."""
    position_cache_ttl_s: int = 2_592_000
    """An evaluation that games share is kept for so long after it was last used, in seconds; 0: none are
    shared."""
    max_body_bytes: int = 4_194_304
    """Largest request body; Lambda is handed 6 MB at most, and PGN travels to it in base64."""
    max_games_per_request: int = 1_000
    """Most games in one request."""
    max_game_characters: int = 262_144
    """Longest PGN text of one game."""
    max_plies: int = 1_200
    """Longest game."""
    max_games_per_day: int = 2_000
    """Most new games of one user in a UTC day."""
    max_games_per_day_premium: int = 20_000
    """The same on the premium plan."""
    user_requests_per_s: int = 20
    """Requests a second of one user, on average; 0: not limited."""
    user_requests_burst: int = 100
    """Most requests of one user at once."""
    address_requests_per_s: int = 100
    """Requests a second of one address (of IPv6 a /64), on average; 0: not limited."""
    address_requests_burst: int = 500
    """Most requests of one address at once."""
    idempotency_ttl_s: int = 86_400
    """An answer to a request with an Idempotency-Key is repeated for so long, in seconds; 0: none is kept."""
    idempotency_answer_bytes: int = 262_144
    """Largest answer that is kept to be repeated, compressed."""
    wait_for_analysis_s: float = 25.0
    """Longest wait of a request that waits for its analysis."""
    sweep_unannotated_limit: int = 0
    """Games never asked for that the sweeper queues by itself each run; 0: none."""
    rebuild_after_ms: int = 30_000
    """The sweeper puts an unfinished analysis that the queue does not know back after this long."""

    @property
    def unfinished_games(self) -> ByPlan:
        """Most unfinished analyses of one user."""
        return ByPlan(self.max_unfinished_games, self.max_unfinished_games_premium)

    @property
    def games_per_day(self) -> ByPlan:
        """Most new games of one user in a day."""
        return ByPlan(self.max_games_per_day, self.max_games_per_day_premium)

    @property
    def request_rates(self) -> tuple[RequestRate, RequestRate]:
        """Of one user, of one address."""
        return (
            RequestRate("user", self.user_requests_per_s, self.user_requests_burst),
            RequestRate("address", self.address_requests_per_s, self.address_requests_burst),
        )

    def limit_of(self, phase: Phase) -> Limit:
        """The search limit of a phase."""
        limits = {
            Phase.INITIAL: self.initial_limit,
            Phase.INTERMEDIATE: self.intermediate_limit,
            Phase.COMPLETE: self.complete_limit,
        }
        return limits[phase]

    def positions_per_segment_of(self, phase: Phase) -> int:
        """Most positions in a segment of a phase. A search to a depth is short: a few segments do."""
        is_short = phase is Phase.INITIAL and self.initial_limit.depth is not None
        return self.positions_per_initial_segment if is_short else self.positions_per_segment

    def concurrency_of(self, phase: Phase) -> int:
        """Most functions of a phase that are called to be at work at once."""
        most = {
            Phase.INITIAL: self.initial_concurrency,
            Phase.INTERMEDIATE: self.intermediate_concurrency,
            Phase.COMPLETE: self.complete_concurrency,
        }
        return most[phase]

    @classmethod
    def from_env(
        cls, env: Mapping[str, str], fetch: Callable[[Sequence[str]], Mapping[str, str]]
    ) -> Settings:
        """The settings in an environment; `fetch` is asked at most once, for SSM parameters by name.

        Raises ConfigurationError naming every missing and every impossible setting at once.
        """
        values: dict[str, Any] = {}
        kept = {name: env.get(f"{name}_PARAMETER") for name in SECRETS if not env.get(name)}
        named = [name for name in kept.values() if name]
        # One call for all: each new function makes it, and Parameter Store answers few in a second.
        fetched = fetch(named) if named else {}
        problems: list[str] = []
        for item in fields(cls):
            name = item.name.upper()
            text = env.get(name) or fetched.get(kept.get(name) or "")
            if not text:
                if not has_default(item):
                    problems.append(f"{name} is missing")
                continue
            try:
                values[item.name] = parse(str(item.type), text)
            except ValueError as error:
                problems.append(f"{name}: {error}")
        if not problems:
            problems = contradictions(values)
        if problems:
            raise ConfigurationError("The environment is not usable: " + "; ".join(problems))
        return cls(**values)


def contradictions(values: Mapping[str, Any]) -> list[str]:
    """What is wrong with settings that can each be read."""
    problems = []
    if values.get("redis_mode", "cluster") not in ("cluster", "single"):
        problems.append("REDIS_MODE must be 'cluster' or 'single'")
    published = values["supabase_publishable_key"]
    if published == values["supabase_secret_key"] or published.startswith("sb_secret_"):
        problems.append("SUPABASE_PUBLISHABLE_KEY must not be the secret key: it goes with users' tokens")
    if 0 < len(values.get("supabase_jwt_secret", "")) < SHORTEST_JWT_SECRET:
        problems.append(f"SUPABASE_JWT_SECRET must have at least {SHORTEST_JWT_SECRET} characters")
    return problems


def has_default(item: Any) -> bool:
    """True when a dataclass field need not be given."""
    return item.default is not MISSING


def parse(type_name: str, text: str) -> Any:
    """A setting's value from its text. Raises ValueError saying what was expected."""
    match type_name:
        case "int":
            return int(text)
        case "float":
            return float(text)
        case "Limit":
            return Limit.parse(text)
        case "Phase | None":
            return Phase(text)
    return text.rstrip("/") if text.startswith("http") else text
