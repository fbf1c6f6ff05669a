"""What `sam local` is given: every variable of every function, no secret, settings that the code takes."""

from __future__ import annotations

import pytest

from infra.local import sam_env
from knight_vision.config import SECRETS, Settings

STATUS = """
API_URL="http://127.0.0.1:54321"
JWT_SECRET="super-secret-jwt-token-with-at-least-32-characters-long"
PUBLISHABLE_KEY="sb_publishable_x"
SECRET_KEY="sb_secret_x"
ANON_KEY="anon.jwt"
SERVICE_ROLE_KEY="service.jwt"
"""
KEYS = sam_env.read_status(STATUS)
TEMPLATE = sam_env.template_for(KEYS)
FUNCTIONS = list(TEMPLATE.functions)


def test_the_keys_are_read_from_what_the_cli_prints() -> None:
    assert KEYS["publishable"] == "sb_publishable_x"
    assert KEYS["secret"] == "sb_secret_x"
    assert KEYS["jwt_secret"].startswith("super-secret")


def test_an_older_clis_keys_do_as_well() -> None:
    old = sam_env.read_status("ANON_KEY=anon.jwt\nSERVICE_ROLE_KEY=service.jwt\nJWT_SECRET=x")
    assert old == {"publishable": "anon.jwt", "secret": "service.jwt", "jwt_secret": "x"}


def test_a_missing_key_is_named() -> None:
    with pytest.raises(KeyError, match="JWT_SECRET"):
        sam_env.read_status("PUBLISHABLE_KEY=a\nSECRET_KEY=b")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_gets_every_variable_of_the_template_and_settings_that_fit(name: str) -> None:
    variables = sam_env.environments(TEMPLATE)[name]
    assert variables.items() >= TEMPLATE.functions[name].environment.items()
    assert variables["AWS_ENDPOINT_URL"] == "http://aws:5000", "or it would talk to a real account"
    assert not set(SECRETS) & variables.keys()
    secrets = sam_env.secrets(TEMPLATE, KEYS)
    settings = Settings.from_env(variables, lambda names: {one: secrets[one] for one in names})
    assert (settings.redis_url, settings.redis_mode) == (sam_env.REDIS_URL, "cluster")
    assert settings.supabase_url == sam_env.SUPABASE_URL
    assert settings.supabase_secret_key == "sb_secret_x"
    assert settings.event_bus_name in TEMPLATE.buses


def test_a_variable_that_the_built_template_does_not_name_is_added_and_no_other_changed() -> None:
    built = {
        "Globals": {"Function": {"Timeout": 3}},
        "Resources": {
            "One": {"Type": "F", "Properties": {"Environment": {"Variables": {"A": "1"}}}},
            "Two": {"Type": "F", "Properties": {"Handler": "x"}},
            "Bus": {"Type": "B"},
        },
    }
    made = sam_env.built_template(built, {"One": {"A": "2", "B": "3"}, "Two": {"C": "4"}})
    resources = made["Resources"]
    assert resources["One"]["Properties"]["Environment"]["Variables"] == {"A": "1", "B": ""}
    assert resources["Two"]["Properties"] == {"Handler": "x", "Environment": {"Variables": {"C": ""}}}
    assert resources["Bus"] == {"Type": "B"}
    assert made["Globals"] == built["Globals"]
    assert built["Resources"]["Two"]["Properties"] == {"Handler": "x"}  # type: ignore[index]
