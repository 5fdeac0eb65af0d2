"""Passwords, kept as argon2id: slow to try out, each with a salt of its own (RFC 9106)."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import InvalidInput

LEAST_LENGTH, MOST_LENGTH = 12, 256
"""Length is what makes a password strong; composition rules do not (NIST SP 800-63B, 3.1.1)."""

# OWASP's least for argon2id: 19 MiB and two passes, so that many who sign in at once fit in memory.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_nobody: list[str] = []


def kept(password: str, *, of: str = "") -> str:
    """The form in which a password is kept. Raises `InvalidInput` for one that is too short, or
    is the name of the account that it is `of`."""
    if of and password.strip().lower() == of.lower():
        raise InvalidInput.at("password", "the name", "something that nobody can guess")
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        expected = f"{LEAST_LENGTH} to {MOST_LENGTH} characters"
        raise InvalidInput.at("password", f"{len(password)} characters", expected)
    return _hasher.hash(password.encode("utf-8", "surrogatepass"))


def matches(password: str, form: str | None) -> bool:
    """Whether a password is the one kept. Takes as long where none is kept as where one is, so
    that nobody can tell by the clock which names exist.

    >>> form = kept("correct horse battery")
    >>> matches("correct horse battery", form), matches("wrong", form), matches("wrong", None)
    (True, False, False)
    """
    tried = password[:MOST_LENGTH].encode("utf-8", "surrogatepass")
    try:
        return _hasher.verify(form or _stand_in(), tried) and form is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(form: str) -> bool:
    """Whether a password should be kept anew, by the parameters of today."""
    return _hasher.check_needs_rehash(form)


def _stand_in() -> str:
    """The form of a password that nobody has."""
    if not _nobody:
        _nobody.append(kept("of nobody: " + "x" * LEAST_LENGTH))
    return _nobody[0]
