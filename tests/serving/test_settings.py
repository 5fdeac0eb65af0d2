"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InvalidInput
from serving.settings import ENVIRONMENT, Settings, environment_help


def test_an_empty_environment_gives_the_defaults():
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"TRELLIS_MODEL_DIR": ""}) == Settings()


def test_every_variable_is_read():
    found = Settings.from_environment(
        {
            "TRELLIS_DATABASE_URL": "sqlite:////data/t.db",
            "TRELLIS_MODEL_DIR": "/data/model",
            "TRELLIS_MAX_BODY_BYTES": "2048",
            "TRELLIS_MOST_REQUESTS": "50",
            "TRELLIS_SECURE_COOKIES": "1",
            "TRELLIS_LOG_REQUESTS": "0",
            "TRELLIS_SNAPSHOT_DIR": "/data/snapshots",
            "TRELLIS_PSEUDONYM_SECRET": "s" * 16,
        }
    )
    assert found == Settings(
        database_url="sqlite:////data/t.db",
        model_dir=Path("/data/model"),
        max_body_bytes=2048,
        most_requests=50,
        secure_cookies=True,
        log_requests=False,
        snapshot_dir=Path("/data/snapshots"),
        pseudonym_secret="s" * 16,
    )
    assert Settings.from_environment(found.as_environment()) == found


def test_everything_wrong_is_named_at_once():
    with pytest.raises(InvalidInput) as error:
        Settings.from_environment(
            {"TRELLIS_MAX_BODY_BYTES": "4 MB", "TRELLIS_SECURE_COOKIES": "yes"}
        )
    assert [fault.place for fault in error.value.faults] == [
        "TRELLIS_MAX_BODY_BYTES",
        "TRELLIS_SECURE_COOKIES",
    ]


def test_a_short_secret_is_refused_without_being_shown():
    with pytest.raises(InvalidInput) as error:
        Settings(pseudonym_secret="hunter2")
    assert "hunter2" not in str(error.value)


def test_the_help_lists_every_variable():
    text = environment_help()
    assert all(variable in text for variable, _ in ENVIRONMENT.values())


PROVIDER = {
    "TRELLIS_OIDC_ISSUER": "https://id.example",
    "TRELLIS_OIDC_CLIENT_ID": "trellis",
    "TRELLIS_OIDC_TENANT": "north",
    "TRELLIS_OIDC_ROLES": "groups=staff:teacher",
    "TRELLIS_PUBLIC_URL": "https://trellis.example/",
}


def test_a_provider_is_read_whole():
    found = Settings.from_environment(PROVIDER).provider()
    assert found.redirect_uri == "https://trellis.example/sign-in/provider/callback"
    assert found.roles == (("groups", "staff", "teacher"),)
    assert Settings().provider() is None


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TRELLIS_OIDC_ROLES", "groups=staff:janitor"),
        ("TRELLIS_OIDC_ROLES", "teacher"),
        ("TRELLIS_OIDC_ROLES", ""),
        ("TRELLIS_OIDC_TENANT", ""),
        ("TRELLIS_OIDC_CLIENT_ID", ""),
        ("TRELLIS_OIDC_ISSUER", "http://id.example"),
        ("TRELLIS_PUBLIC_URL", "http://trellis.example"),
        ("TRELLIS_PUBLIC_URL", ""),
    ],
)
def test_half_a_provider_is_refused_by_name(variable, value):
    with pytest.raises(InvalidInput, match=variable):
        Settings.from_environment({**PROVIDER, variable: value})
