"""The server's settings, and the only place that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from engine.errors import Fault, InvalidInput

DEFAULT_DATABASE_URL = "sqlite:///trellis.db"
DEFAULT_MODEL_DIR = "model"
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
    "max_body_bytes": (
        "TRELLIS_MAX_BODY_BYTES",
        f"largest request body accepted (default {MAX_BODY_BYTES})",
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
}
"""Field of `Settings` → environment variable and what it means."""
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
    secure_cookies: bool = False
    log_requests: bool = True
    pseudonym_secret: str = ""

    def __post_init__(self) -> None:
        faults = [*_size_faults(self.max_body_bytes), *_secret_faults(self.pseudonym_secret)]
        if faults:
            raise InvalidInput(faults)

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
    return "\n".join(f"  {variable:<26}{text}" for variable, text in ENVIRONMENT.values())


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
    if name == "max_body_bytes":
        if text.isascii() and text.isdigit():
            found[name] = int(text)
        else:
            faults.append(Fault(variable, text, "a whole number of bytes"))
    elif name in FLAGS:
        if text in ("0", "1"):
            found[name] = text == "1"
        else:
            faults.append(Fault(variable, text, "0 or 1"))
    else:
        found[name] = Path(text) if name == "model_dir" else text


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
