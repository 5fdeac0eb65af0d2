"""Who may call: API keys, sign-in links and the sessions they open.

A secret is 32 random bytes, shown once and kept only as its SHA-256. A slow password hash would
add nothing: nobody can guess 256 random bits.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select, update

from engine.errors import InvalidInput

from .connection import Connected, Database
from .identifiers import check_ids, printable
from .instants import instant, microseconds
from .remembered import Remembered
from .schema import keys, sessions, sign_ins

KEY_PREFIX = "trellis_"  # lets scanners recognise a key that leaked into a repository
SECRET_BYTES = 32
SIGN_IN_MINUTES = 12 * 60  # a school day, and the evening before
SESSION_LIFE = timedelta(hours=12)
LONGEST_SIGN_IN_MINUTES = 366 * 24 * 60


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
    """Who is calling. `key_id` is None in a session; `user` says whose credential it is."""

    tenant: str
    role: Role
    key_id: str | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of an API key, which is all but its secret."""

    id: str
    tenant: str
    role: Role
    label: str
    user: str | None
    created_at: datetime
    revoked: bool


KeyList = list[Key]


class Credentials(Connected):
    """API keys, sign-in links and sessions."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._callers: Remembered[Principal] = Remembered()

    def create_key(
        self, tenant: str, role: str, now: datetime, *, label: str = "", user: str | None = None
    ) -> str:
        """A new API key's secret, which is shown this once."""
        secret = KEY_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        row = {
            **_owner(tenant, role, user),
            "id": f"key_{secrets.token_hex(8)}",
            "secret_hash": hashed(secret),
            "label": label,
            "created_at": microseconds(now, "now"),
            "revoked": False,
        }
        with self._database.writing() as connection:
            connection.execute(insert(keys).values(row))
        return secret

    def principal(self, secret: str) -> Principal | None:
        """Whose API key it is; None for one that never was or has been revoked.

        A key that another process revokes opens here for up to a second more.
        """
        digest = hashed(secret)
        return self._callers.get(digest) or self._looked_up(digest)

    def remembered(self, secret: str) -> Principal | None:
        """Whose API key it is, if that was asked within the last second: never waits."""
        return self._callers.get(hashed(secret))

    def _looked_up(self, digest: str) -> Principal | None:
        query = select(keys).where(keys.c.secret_hash == digest, ~keys.c.revoked)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        caller = Principal(row.tenant, Role(row.role), row.id, row.user)
        self._callers.keep(digest, caller)
        return caller

    def keys(self, tenant: str) -> KeyList:
        """The tenant's API keys, revoked ones included, in the order they were made."""
        query = select(keys).where(keys.c.tenant == tenant).order_by(keys.c.created_at, keys.c.id)
        with self._database.reading() as connection:
            return [_key(row) for row in connection.execute(query)]

    def revoke_key(self, id: str) -> bool:
        """The key opens nothing from now on; False where there was none to revoke."""
        change = update(keys).where(keys.c.id == id, ~keys.c.revoked).values(revoked=True)
        with self._database.writing() as connection:
            done = connection.execute(change).rowcount > 0
        self._callers.forget()
        return done

    def create_sign_in(
        self,
        tenant: str,
        role: str,
        now: datetime,
        *,
        minutes: float = SIGN_IN_MINUTES,
        user: str | None = None,
    ) -> str:
        """The token of a sign-in link, good for any number of sessions until it expires."""
        if not 0 < minutes <= LONGEST_SIGN_IN_MINUTES:
            most = f"a number above 0, {LONGEST_SIGN_IN_MINUTES} at most"
            raise InvalidInput.at("minutes", minutes, most)
        return self._issue(sign_ins, _owner(tenant, role, user), now, timedelta(minutes=minutes))

    def create_session(self, token: str, now: datetime) -> str | None:
        """The secret of a new session, 12 hours long; None for a link that is not good now."""
        link = self._valid(sign_ins, token, now)
        if link is None:
            return None
        owner = {"tenant": link.tenant, "role": link.role, "user": link.user}
        return self._issue(sessions, owner, now, SESSION_LIFE)

    def session(self, secret: str, now: datetime) -> Principal | None:
        """Whose session it is; None for one that never was, has ended or has expired."""
        row = self._valid(sessions, secret, now)
        return None if row is None else Principal(row.tenant, Role(row.role), None, row.user)

    def end_session(self, secret: str) -> bool:
        """The session opens nothing from now on; False where there was none."""
        gone = delete(sessions).where(sessions.c.secret_hash == hashed(secret))
        with self._database.writing() as connection:
            return connection.execute(gone).rowcount > 0

    def _issue(self, table: Table, owner: dict[str, Any], now: datetime, life: timedelta) -> str:
        """A new secret; those of the table that have expired are cleared away on the occasion."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        moment = microseconds(now, "now")
        expires_at = microseconds(now + life)
        row = {**owner, "secret_hash": hashed(secret), "expires_at": expires_at}
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.expires_at <= moment))
            connection.execute(insert(table).values(row))
        return secret

    def _valid(self, table: Table, secret: str, now: datetime) -> Row[Any] | None:
        query = select(table).where(
            table.c.secret_hash == hashed(secret), table.c.expires_at > microseconds(now, "now")
        )
        with self._database.reading() as connection:
            return connection.execute(query).one_or_none()


def hashed(secret: str) -> str:
    """The form in which a secret is kept.

    >>> hashed("trellis_example")[:12]
    '6d17351af60c'
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _owner(tenant: str, role: str, user: str | None) -> dict[str, Any]:
    check_ids("tenant", tenant)
    if user is not None:
        check_ids("user", user)
    if role not in list(Role):
        raise InvalidInput.at("role", printable(role), f"one of {', '.join(Role)}")
    return {"tenant": tenant, "role": str(role), "user": user}


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        tenant=row.tenant,
        role=Role(row.role),
        label=row.label,
        user=row.user,
        created_at=instant(row.created_at),
        revoked=row.revoked,
    )
