"""API keys: shown once, kept as a hash, limited to scopes, expiring, replaced with an overlap."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.errors import InvalidInput, NotFound, Unavailable

from .audit import About, Deed, note
from .connection import Connected, Database
from .identifiers import check_ids, is_id
from .instants import instant, microseconds
from .lookups import tenant_of
from .plain import encoded
from .principals import SECRET_BYTES, Principal, Role, hashed, owner
from .remembered import Remembered
from .schema import keys

KEY_PREFIX = "trellis_"  # lets scanners recognise a key that leaked into a repository
LONGEST_LIFE = timedelta(days=3660)
LONGEST_OVERLAP = timedelta(days=90)
USE_NOTED_EVERY = timedelta(minutes=5)
"""How stale `last_used_at` may be: a write for every request would cost more than it tells."""


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
    scopes: tuple[str, ...] | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None

    def opens(self, now: datetime) -> bool:
        """Whether the key is good at a moment."""
        return not self.revoked and (self.expires_at is None or now < self.expires_at)


KeyList = list[Key]


class Keys(Connected):
    """API keys, by their secrets' hashes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._callers: Remembered[Principal] = Remembered()

    def create_key(
        self,
        tenant: str,
        role: str,
        now: datetime,
        *,
        label: str = "",
        user: str | None = None,
        scopes: Sequence[str] | None = None,
        life: timedelta | None = None,
    ) -> str:
        """A new API key's secret, which is shown this once.

        `scopes` limit it to some of its role's actions; after its `life` it opens nothing.
        """
        if life is not None and not timedelta(0) < life <= LONGEST_LIFE:
            most = f"longer than nothing, {LONGEST_LIFE.days} days at most"
            raise InvalidInput.at("life", life, most)
        if scopes is not None:
            check_ids("scope", *scopes)
        row = {
            **owner(tenant, role, user),
            "label": label,
            "scopes": None if scopes is None else encoded(sorted(set(scopes))),
            "expires_at": None if life is None else microseconds(now + life),
        }
        with self._database.writing(tenant) as connection:
            secret, made = _insert(connection, row, now)
            detail = role if scopes is None else f"{role}: {', '.join(sorted(set(scopes)))}"
            moment = microseconds(now, "now")
            note(connection, tenant, Deed.CREATE_KEY, moment, about=made, detail=detail)
        return secret

    def rotate_key(self, id: str, now: datetime, *, overlap: timedelta) -> str:
        """The secret of a key that may do the same; the old one opens for the overlap, no longer.

        Raises `NotFound` where there is no such key, or it opens nothing any more.
        """
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            most = f"nothing or longer, {LONGEST_OVERLAP.days} days at most"
            raise InvalidInput.at("overlap", overlap, most)
        tenant = self._tenant_of(id)
        with self._database.writing(tenant) as connection:
            found = connection.execute(select(keys).where(keys.c.id == id)).one_or_none()
            if found is None or not _key(found).opens(now):
                raise NotFound("key that opens anything", id)
            ends = microseconds(now + overlap)
            ends = ends if found.expires_at is None else min(ends, found.expires_at)
            connection.execute(update(keys).where(keys.c.id == id).values(expires_at=ends))
            same = ("tenant", "role", "user", "label", "scopes", "expires_at")
            row = {name: getattr(found, name) for name in same}
            secret, new = _insert(connection, row, now)
            moment, old = microseconds(now, "now"), About("key", id)
            note(connection, tenant, Deed.ROTATE_KEY, moment, about=old, detail=new.id)
        self._callers.forget()
        return secret

    def principal(self, secret: str, now: datetime) -> Principal | None:
        """Whose API key it is; None for one that never was, has expired or has been revoked.

        A key that expires, or that another process revokes, opens here for up to a second more.
        """
        digest = hashed(secret)
        return self._callers.get(digest) or self._looked_up(digest, now)

    def remembered(self, secret: str) -> Principal | None:
        """Whose API key it is, if that was asked within the last second: never waits."""
        return self._callers.get(hashed(secret))

    def keys(self, tenant: str) -> KeyList:
        """The tenant's API keys, revoked ones included, in the order they were made."""
        query = select(keys).where(keys.c.tenant == tenant).order_by(keys.c.created_at, keys.c.id)
        with self._database.reading(tenant) as connection:
            return [_key(row) for row in connection.execute(query)]

    def revoke_key(self, id: str, now: datetime) -> bool:
        """The key opens nothing from now on; False where there was none to revoke."""
        change = update(keys).where(keys.c.id == id, ~keys.c.revoked).values(revoked=True)
        tenant, moment = self._tenant_of(id), microseconds(now, "now")
        with self._database.writing(tenant) as connection:
            done = connection.execute(change).rowcount > 0
            if done:
                note(connection, tenant, Deed.REVOKE_KEY, moment, about=About("key", id))
        self._callers.forget()
        return done

    def _tenant_of(self, id: str) -> str:
        """The tenant of a key, "" where there is none of this id."""
        return (tenant_of(self._database, keys.c.id, id) if is_id(id) else None) or ""

    def _looked_up(self, digest: str, now: datetime) -> Principal | None:
        with self._database.reading(shown=digest) as connection:
            row = connection.execute(select(keys).where(keys.c.secret_hash == digest)).one_or_none()
        key = None if row is None else _key(row)
        if key is None or not key.opens(now):
            return None
        scopes = None if key.scopes is None else frozenset(key.scopes)
        caller = Principal(key.tenant, key.role, key.id, key.user, scopes)
        self._callers.keep(digest, caller)
        self._note_use(key, now)
        return caller

    def _note_use(self, key: Key, now: datetime) -> None:
        if key.last_used_at is not None and now - key.last_used_at < USE_NOTED_EVERY:
            return
        noted = update(keys).where(keys.c.id == key.id).values(last_used_at=microseconds(now))
        try:
            with self._database.writing(key.tenant, durable=False) as connection:
                connection.execute(noted)
        except Unavailable:
            return  # a database that takes no writes still answers reads: that matters more


def _insert(connection: Connection, row: dict[str, Any], now: datetime) -> tuple[str, About]:
    """The new key's secret, and the key as a deed is about it."""
    secret = KEY_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    new: dict[str, Any] = {
        "id": f"key_{secrets.token_hex(8)}",
        "secret_hash": hashed(secret),
        "created_at": microseconds(now, "now"),
        "revoked": False,
    }
    connection.execute(insert(keys).values(row | new))
    return secret, About("key", new["id"])


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        tenant=row.tenant,
        role=Role(row.role),
        label=row.label,
        user=row.user,
        created_at=instant(row.created_at),
        revoked=row.revoked,
        scopes=None if row.scopes is None else tuple(json.loads(row.scopes)),
        expires_at=None if row.expires_at is None else instant(row.expires_at),
        last_used_at=None if row.last_used_at is None else instant(row.last_used_at),
    )
