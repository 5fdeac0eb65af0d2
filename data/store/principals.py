"""Who is calling, and how the secrets they show are kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.errors import InvalidInput

from .identifiers import check_ids, printable

SECRET_BYTES = 32
"""256 random bits, which nobody can guess: a slow hash would add nothing to them."""


class Role(StrEnum):
    """What a credential is for; what each may do is the server's to say."""

    PLATFORM = "platform"
    TEACHER = "teacher"
    STUDENT = "student"
    FAMILY = "family"
    DATA = "data"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling. `key_id` is None in a session; `user` says whose credential it is.

    `scopes` are the only actions that a key was made for; None: whatever its role may do.
    """

    tenant: str
    role: Role
    key_id: str | None = None
    user: str | None = None
    scopes: frozenset[str] | None = None


def hashed(secret: str) -> str:
    """The form in which a secret is kept.

    >>> hashed("trellis_example")[:12]
    '6d17351af60c'
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def owner(tenant: str, role: str, user: str | None) -> dict[str, Any]:
    """Whose a credential is, as its row says it. Raises `InvalidInput` for what cannot be."""
    check_ids("tenant", tenant)
    if user is not None:
        check_ids("user", user)
    if role not in list(Role):
        raise InvalidInput.at("role", printable(role), f"one of {', '.join(Role)}")
    return {"tenant": tenant, "role": str(role), "user": user}
