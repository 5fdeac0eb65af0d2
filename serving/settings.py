"""The server's settings, and the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from engine.errors import Fault, InvalidInput

from .providers import Provider, is_safe_address, read_rules
from .roles import MATRIX

DEFAULT_DATABASE_URL = "sqlite:///trellis.db"
DEFAULT_MODEL_DIR = "model"
DEFAULT_SNAPSHOT_DIR = "snapshots"
MAX_BODY_BYTES = 4 * 1024 * 1024
"""1,000 events of the longest ids and names, with room to spare."""
LEAST_BODY_BYTES, MOST_BODY_BYTES = 1024, 256 * 1024 * 1024
LEAST_PSEUDONYM_SECRET = 16  # characters: shorter ones can be tried out one by one

REAL_DATA = "TRELLIS_REAL_DATA"
ENVIRONMENT = {
    "database_url": (
        "TRELLIS_DATABASE_URL",
        f"where facts live, as an SQLAlchemy URL (default {DEFAULT_DATABASE_URL})",
    ),
    "model_dir": (
        "TRELLIS_MODEL_DIR",
        f"folder with the champion's bundle.json, watched (default ./{DEFAULT_MODEL_DIR})",
    ),
    "snapshot_dir": (
        "TRELLIS_SNAPSHOT_DIR",
        f"folder for the Parquet files of snapshots (default ./{DEFAULT_SNAPSHOT_DIR})",
    ),
    "max_body_bytes": (
        "TRELLIS_MAX_BODY_BYTES",
        f"largest request body accepted (default {MAX_BODY_BYTES})",
    ),
    "most_requests": (
        "TRELLIS_MOST_REQUESTS",
        "requests a second of each credential, in each worker; more get 429 (default 0: no limit)",
    ),
    "secure_cookies": (
        "TRELLIS_SECURE_COOKIES",
        "1 when people reach the pages over HTTPS: their cookie then travels nowhere else "
        "(default 0)",
    ),
    "log_requests": (
        "TRELLIS_LOG_REQUESTS",
        "1 for a line of JSON on stderr about each request, without names or ids; 0: only about "
        "those that failed (default 1)",
    ),
    "pseudonym_secret": (
        "TRELLIS_PSEUDONYM_SECRET",
        f"{LEAST_PSEUDONYM_SECRET} characters or more from which `data` keys see students' "
        "pseudonyms (unset: such keys see nothing)",
    ),
    "public_url": (
        "TRELLIS_PUBLIC_URL",
        "the address people know this server by, as https://trellis.example (for OpenID Connect)",
    ),
    "oidc_issuer": (
        "TRELLIS_OIDC_ISSUER",
        "who signs people in, as https://id.example (unset: names and passwords alone)",
    ),
    "oidc_client_id": ("TRELLIS_OIDC_CLIENT_ID", "what this server is called there"),
    "oidc_client_secret": ("TRELLIS_OIDC_CLIENT_SECRET", "the secret that proves it"),
    "oidc_tenant": ("TRELLIS_OIDC_TENANT", "the tenant that people who come from there belong to"),
    "oidc_user_claim": (
        "TRELLIS_OIDC_USER_CLAIM",
        "the claim that says who somebody is in the roster (default sub)",
    ),
    "oidc_roles": (
        "TRELLIS_OIDC_ROLES",
        "which claim gives which role, the first that fits, as "
        "groups=staff:teacher,groups=it:admin; nobody else is let in",
    ),
}
"""Field of `Settings` → environment variable and what it means."""
FOLDERS = ("model_dir", "snapshot_dir")
NUMBERS = {"max_body_bytes": "bytes", "most_requests": "requests"}
LONGEST_NUMBER = 12  # digits
FLAGS = ("secure_cookies", "log_requests")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a server needs to know before it starts, checked when made.

    >>> Settings(max_body_bytes=2048).max_body_bytes
    2048
    >>> Settings(max_body_bytes=1)
    Traceback (most recent call last):
    engine.errors.InvalidInput: TRELLIS_MAX_BODY_BYTES: got '1', expected 1024 to 268435456
    """

    database_url: str = DEFAULT_DATABASE_URL
    model_dir: Path = Path(DEFAULT_MODEL_DIR)
    max_body_bytes: int = MAX_BODY_BYTES
    most_requests: int = 0
    secure_cookies: bool = False
    log_requests: bool = True
    snapshot_dir: Path = Path(DEFAULT_SNAPSHOT_DIR)
    pseudonym_secret: str = ""
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_tenant: str = ""
    oidc_user_claim: str = "sub"
    oidc_roles: str = ""

    def __post_init__(self) -> None:
        faults = [
            *_size_faults(self.max_body_bytes),
            *_secret_faults(self.pseudonym_secret),
            *self._provider_faults(),
        ]
        if faults:
            raise InvalidInput(faults)

    def provider(self) -> Provider | None:
        """Who signs people in beside us; None where nobody does."""
        if not self.oidc_issuer:
            return None
        return Provider(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret,
            public_url=self.public_url,
            tenant=self.oidc_tenant,
            user_claim=self.oidc_user_claim,
            roles=tuple(read_rules(self.oidc_roles)),
        )

    def _provider_faults(self) -> Iterator[Fault]:
        """A provider needs all of its settings, and addresses that can be trusted."""
        if not self.oidc_issuer:
            return
        needed = ("public_url", "oidc_client_id", "oidc_tenant", "oidc_roles")
        for name in needed:
            if not getattr(self, name):
                yield Fault(ENVIRONMENT[name][0], "nothing", "a value, where there is an issuer")
        for name in ("oidc_issuer", "public_url"):
            address = getattr(self, name)
            if address and not is_safe_address(address):
                expected = "an https:// address, or one of this machine"
                yield Fault(ENVIRONMENT[name][0], address, expected)
        if self.oidc_roles and not read_rules(self.oidc_roles):
            expected = f"claim=value:role,…; a role is one of {', '.join(MATRIX)}"
            yield Fault(ENVIRONMENT["oidc_roles"][0], self.oidc_roles, expected)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings as `TRELLIS_…` variables give them; an empty variable counts as unset.

        Raises `InvalidInput` naming every variable that is wrong.

        >>> Settings.from_environment({"TRELLIS_MAX_BODY_BYTES": "2048"}).max_body_bytes
        2048
        """
        given = os.environ if environment is None else environment
        found: dict[str, Any] = {}
        faults: list[Fault] = []
        for name, (variable, _) in ENVIRONMENT.items():
            text = given.get(variable, "")
            if text:
                _read(name, variable, text, found, faults)
        if faults:
            raise InvalidInput(faults)
        return cls(**found)

    def export(self) -> None:
        """Worker processes started from here on read these same settings."""
        os.environ.update(self.as_environment())

    def as_environment(self) -> dict[str, str]:
        """The variables that say these same settings.

        >>> settings = Settings(secure_cookies=True)
        >>> Settings.from_environment(settings.as_environment()) == settings
        True
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        shown = {name: int(v) if isinstance(v, bool) else v for name, v in values.items()}
        return {ENVIRONMENT[name][0]: str(value) for name, value in shown.items()}


def environment_help() -> str:
    """The environment variables, one a line, as `trellis serve --help` prints them."""
    return "\n".join(f"  {variable:<28}{text}" for variable, text in ENVIRONMENT.values())


def real_data_folder() -> Path:
    """The folder of real data to measure on. Raises `InvalidInput` where the environment has none.

    Nothing is served from it: it stands here because this file alone reads the environment.
    """
    text = os.environ.get(REAL_DATA, "")
    if not text:
        raise InvalidInput.at(REAL_DATA, "nothing", "the folder of the real data to measure on")
    return Path(text)


def _read(name: str, variable: str, text: str, found: dict[str, Any], faults: list[Fault]) -> None:
    """One variable's value into `found`, or what is wrong with it into `faults`."""
    if name in NUMBERS:
        if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
            found[name] = int(text)
        else:
            faults.append(Fault(variable, text, f"a whole number of {NUMBERS[name]}"))
    elif name in FLAGS:
        if text in ("0", "1"):
            found[name] = text == "1"
        else:
            faults.append(Fault(variable, text, "0 or 1"))
    else:
        found[name] = Path(text) if name in FOLDERS else text


def _size_faults(size: int) -> list[Fault]:
    if LEAST_BODY_BYTES <= size <= MOST_BODY_BYTES:
        return []
    expected = f"{LEAST_BODY_BYTES} to {MOST_BODY_BYTES}"
    return [Fault(ENVIRONMENT["max_body_bytes"][0], str(size), expected)]


def _secret_faults(secret: str) -> list[Fault]:
    if not secret or len(secret) >= LEAST_PSEUDONYM_SECRET:
        return []
    variable = ENVIRONMENT["pseudonym_secret"][0]
    expected = f"{LEAST_PSEUDONYM_SECRET} characters or more"
    return [Fault(variable, f"{len(secret)} characters", expected)]
