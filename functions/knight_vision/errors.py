"""The errors of the project, each named for its cause. Who may retry is a property of the class.

`code` is stable and public: it is the last part of the problem type in an HTTP answer.
"""

from typing import Any, ClassVar


class KnightVisionError(Exception):
    """Base of every error the project raises on purpose. The message says what to do."""

    code: ClassVar[str] = "internal_error"
    is_retryable: ClassVar[bool] = False
    """True when the same call may succeed later without a change by the caller."""

    @property
    def members(self) -> dict[str, Any]:
        """What the answer says besides the message, JSON-ready and public."""
        return {}

    @property
    def retry_after_s(self) -> int | None:
        """When the same call may succeed; None when the error does not know."""
        return None


class ConfigurationError(KnightVisionError):
    """The environment lacks settings or holds impossible ones; names all of them at once."""

    code = "configuration_error"


class SettingsUnavailableError(KnightVisionError):
    """Parameter Store does not give the secrets that a new environment needs."""

    code = "settings_unavailable"
    is_retryable = True


class InvalidGameError(KnightVisionError):
    """The PGN cannot be analysed: not chess, an illegal move, empty, too long, a foreign variant."""

    code = "invalid_game"


class TooLargeError(KnightVisionError):
    """The request is larger than a stated limit (bytes, games, plies)."""

    code = "too_large"


class InvalidRequestError(KnightVisionError):
    """The request is not understood: a missing field, a wrong type, an unreadable encoding."""

    code = "invalid_request"


class UnauthorizedError(KnightVisionError):
    """The bearer token is missing, expired, forged or not for this service."""

    code = "unauthorized"


class ForbiddenError(KnightVisionError):
    """The user is known, but the route is for operators only."""

    code = "forbidden"

    def __init__(self) -> None:
        super().__init__("This is for operators: the project's owner can make you one.")


class GameNotFoundError(KnightVisionError):
    """No such game, or not the caller's: the two are never told apart."""

    code = "game_not_found"


class AnalysisNotFoundError(KnightVisionError):
    """The game exists, but nobody has asked for its analysis yet."""

    code = "analysis_not_found"


class BatchNotFoundError(KnightVisionError):
    """No such batch, or not the caller's: the two are never told apart."""

    code = "batch_not_found"


class AnalysisFinalError(KnightVisionError):
    """The analysis is done or has failed: there is nothing left to cancel."""

    code = "analysis_final"


class QueueLimitError(KnightVisionError):
    """The user has as many unfinished analyses as one may have. Nothing was accepted."""

    code = "queue_limit_reached"
    is_retryable = True

    def __init__(self, limit: int, unfinished: int) -> None:
        super().__init__(
            f"{unfinished} of your analyses are unfinished and {limit} may be: ask again when some are done."
        )
        self.limit = limit
        """Most unfinished analyses of one user."""
        self.unfinished = unfinished
        """How many the user has."""

    @property
    def members(self) -> dict[str, Any]:
        """The two numbers."""
        return {"limit": self.limit, "unfinished": self.unfinished}


class DailyLimitError(KnightVisionError):
    """More new games than the user's plan leaves of the day. Nothing was stored."""

    code = "daily_limit_reached"
    is_retryable = True

    def __init__(self, limit: int, used: int, asked: int, resets_in_s: int) -> None:
        left = max(0, limit - used)
        super().__init__(
            f"{asked} new games are more than the {left} that are left of today's {limit}: "
            + ("send fewer at once." if left else "come back after midnight UTC.")
        )
        self.limit = limit
        """New games of one day."""
        self.used = used
        """How many of them are used."""
        self.asked = asked
        """How many more were sent."""
        self.resets_in_s = resets_in_s
        """Until the next midnight in UTC."""

    @property
    def members(self) -> dict[str, Any]:
        """The numbers."""
        return {"limit": self.limit, "used": self.used, "left": max(0, self.limit - self.used)}

    @property
    def retry_after_s(self) -> int | None:
        """The next midnight."""
        return self.resets_in_s


class RateLimitError(KnightVisionError):
    """Requests came faster than they may."""

    code = "rate_limited"
    is_retryable = True

    def __init__(self, policy: str, retry_after_s: int) -> None:
        super().__init__(f"Too many requests of one {policy}: come back in {retry_after_s} s.")
        self.policy = policy
        """Whose requests: `user` or `address`."""
        self._retry_after_s = retry_after_s

    @property
    def members(self) -> dict[str, Any]:
        """Whose."""
        return {"policy": self.policy}

    @property
    def retry_after_s(self) -> int | None:
        """When one more is let in."""
        return self._retry_after_s


class KeyReusedError(KnightVisionError):
    """The Idempotency-Key was sent before, with another request."""

    code = "idempotency_key_reused"


class KeyInUseError(KnightVisionError):
    """A request with this Idempotency-Key is being answered at this moment."""

    code = "idempotency_key_in_use"
    is_retryable = True

    @property
    def retry_after_s(self) -> int | None:
        """Most requests take less."""
        return 1


class StoreUnavailableError(KnightVisionError):
    """Supabase does not answer. Nothing was accepted."""

    code = "store_unavailable"
    is_retryable = True


class QueueUnavailableError(KnightVisionError):
    """Redis does not answer."""

    code = "queue_unavailable"
    is_retryable = True


class EventBusUnavailableError(KnightVisionError):
    """EventBridge does not answer. Work still waits in the queue; the sweeper calls again."""

    code = "event_bus_unavailable"
    is_retryable = True


class EngineError(KnightVisionError):
    """The chess engine died or answered nonsense; the next search starts a new process."""

    code = "engine_error"
    is_retryable = True


class EngineTimeoutError(EngineError):
    """The engine did not finish before its deadline and was killed."""

    code = "engine_timeout"
