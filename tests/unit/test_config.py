"""Settings are read from the environment once, and every problem is named at once."""

from collections.abc import Mapping, Sequence

import pytest

from knight_vision.config import Settings
from knight_vision.domain.phase import Limit, Phase
from knight_vision.errors import ConfigurationError

COMPLETE = {
    "SUPABASE_URL": "https://project.example/",
    "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x",
    "SUPABASE_SECRET_KEY": "sb_secret_x",
    "REDIS_URL": "rediss://cache.example:6379",
    "EVENT_BUS_NAME": "bus",
}


def no_secret(names: Sequence[str]) -> Mapping[str, str]:
    raise AssertionError(f"nobody should ask for {names}")


def test_a_complete_environment_gives_settings_with_defaults() -> None:
    settings = Settings.from_env(COMPLETE, no_secret)
    assert settings.supabase_url == "https://project.example"
    assert settings.limit_of(Phase.INITIAL) == Limit(depth=8)
    assert settings.phase is None


def test_values_are_read_in_their_types() -> None:
    env = {**COMPLETE, "PHASE": "complete", "COMPLETE_LIMIT": "nodes 5000", "WAIT_FOR_ANALYSIS_S": "2.5"}
    settings = Settings.from_env(env, no_secret)
    assert settings.phase is Phase.COMPLETE
    assert settings.limit_of(Phase.COMPLETE) == Limit(nodes=5000)
    assert settings.wait_for_analysis_s == 2.5


def test_secrets_may_be_the_names_of_parameters_which_are_fetched_together() -> None:
    asked: list[list[str]] = []

    def fetch(names: Sequence[str]) -> Mapping[str, str]:
        asked.append(sorted(names))
        return {name: f"rediss://value-of{name}" for name in names}

    env = {
        **COMPLETE,
        "REDIS_URL": "",
        "REDIS_URL_PARAMETER": "/kv/redis",
        "SUPABASE_SECRET_KEY": "",
        "SUPABASE_SECRET_KEY_PARAMETER": "/kv/key",
    }
    settings = Settings.from_env(env, fetch)
    assert settings.redis_url == "rediss://value-of/kv/redis"
    assert settings.supabase_secret_key == "rediss://value-of/kv/key"
    assert asked == [["/kv/key", "/kv/redis"]]


def test_every_problem_is_named_at_once() -> None:
    env = {"SUPABASE_URL": "https://x.example", "MAX_PLIES": "many", "INITIAL_LIMIT": "time 3", "PHASE": "x"}
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_env(env, no_secret)
    for name in ("SUPABASE_SECRET_KEY", "REDIS_URL", "EVENT_BUS_NAME", "MAX_PLIES", "INITIAL_LIMIT", "PHASE"):
        assert name in str(caught.value)


def test_an_unknown_redis_mode_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="REDIS_MODE"):
        Settings.from_env({**COMPLETE, "REDIS_MODE": "sentinel"}, no_secret)


@pytest.mark.parametrize("published", [COMPLETE["SUPABASE_SECRET_KEY"], "sb_secret_another"])
def test_a_secret_key_is_not_published(published: str) -> None:
    with pytest.raises(ConfigurationError, match="SUPABASE_PUBLISHABLE_KEY"):
        Settings.from_env({**COMPLETE, "SUPABASE_PUBLISHABLE_KEY": published}, no_secret)


def test_a_secret_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="at least 32"):
        Settings.from_env({**COMPLETE, "SUPABASE_JWT_SECRET": "x" * 31}, no_secret)
    assert Settings.from_env({**COMPLETE, "SUPABASE_JWT_SECRET": "x" * 32}, no_secret).supabase_jwt_secret
