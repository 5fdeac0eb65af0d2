"""Sign-in links, and the sessions that links, passwords and other providers open."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from engine.errors import InvalidInput, Unavailable

from .audit import Deed, a_person, note
from .connection import Connected
from .instants import microseconds
from .lookups import tenant_of
from .principals import SECRET_BYTES, Principal, Role, hashed, owner
from .schema import sessions, sign_ins

SIGN_IN_MINUTES = 12 * 60  # a school day, and the evening before
LONGEST_SIGN_IN_MINUTES = 366 * 24 * 60
SESSION_LIFE = timedelta(hours=12)
SESSION_IDLE = timedelta(hours=2)
"""A session that a password opened ends when nobody has used it for this long. One that a link
opened lasts: whoever holds the link could open another anyway."""
USE_NOTED_EVERY = timedelta(minutes=5)


class Sessions(Connected):
    """Sign-in links and sessions, by their secrets' hashes."""

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
        row, life = owner(tenant, role, user), timedelta(minutes=minutes)
        return self._issue(sign_ins, row, now, life, deed=Deed.CREATE_SIGN_IN_LINK)

    def create_session(self, token: str, now: datetime) -> str | None:
        """The secret of a new session, 12 hours long; None for a link that is not good now."""
        link = self._valid(sign_ins, token, now)
        if link is None:
            return None
        holder = {"tenant": link.tenant, "role": link.role, "user": link.user}
        return self._issue(sessions, holder, now, SESSION_LIFE, deed=Deed.SIGN_IN)

    def open_session(self, person: Principal, now: datetime) -> str:
        """The secret of a new session of somebody who has just proved who they are."""
        holder = owner(person.tenant, person.role, person.user)
        idle_until = microseconds(now + SESSION_IDLE)
        row = {**holder, "idle_until": idle_until}
        return self._issue(sessions, row, now, SESSION_LIFE, deed=Deed.SIGN_IN)

    def session(self, secret: str, now: datetime) -> Principal | None:
        """Whose session it is; None for one that never was, has ended, expired or lain idle."""
        row = self._valid(sessions, secret, now)
        if row is None or (row.idle_until is not None and row.idle_until <= microseconds(now)):
            return None
        if row.idle_until is not None:
            self._keep_open(row, now)
        return Principal(row.tenant, Role(row.role), None, row.user)

    def end_session(self, secret: str) -> bool:
        """The session opens nothing from now on; False where there was none."""
        gone = delete(sessions).where(sessions.c.secret_hash == hashed(secret))
        tenant = tenant_of(self._database, sessions.c.secret_hash, hashed(secret))
        if tenant is None:
            return False
        with self._database.writing(tenant) as connection:
            return connection.execute(gone).rowcount > 0

    def end_sessions_of(self, person: Principal) -> int:
        """No session and no sign-in link of the person opens anything; how many ended."""
        with self._database.writing(person.tenant) as connection:
            return end_all(connection, person)

    def _keep_open(self, row: Row[Any], now: datetime) -> None:
        """Somebody is here: the session lies idle from now on, written down now and then."""
        until = microseconds(now + SESSION_IDLE)
        if until - row.idle_until < USE_NOTED_EVERY // timedelta(microseconds=1):
            return
        noted = update(sessions).where(sessions.c.secret_hash == row.secret_hash)
        try:
            with self._database.writing(row.tenant, durable=False) as connection:
                connection.execute(noted.values(idle_until=until))
        except Unavailable:
            return  # a database that takes no writes still shows pages

    def _issue(
        self, table: Table, row: dict[str, Any], now: datetime, life: timedelta, *, deed: Deed
    ) -> str:
        """A new secret; those of the tenant that have expired are cleared away on the occasion."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        moment = microseconds(now, "now")
        new = {**row, "secret_hash": hashed(secret), "expires_at": microseconds(now + life)}
        tenant, person = row["tenant"], _person(row)
        by = person if deed is Deed.SIGN_IN else None
        expired = (table.c.tenant == tenant, table.c.expires_at <= moment)
        with self._database.writing(tenant) as connection:
            connection.execute(delete(table).where(*expired))
            connection.execute(insert(table).values(new))
            note(connection, tenant, deed, moment, by=by, about=a_person(person))
        return secret

    def _valid(self, table: Table, secret: str, now: datetime) -> Row[Any] | None:
        query = select(table).where(
            table.c.secret_hash == hashed(secret), table.c.expires_at > microseconds(now, "now")
        )
        with self._database.reading(shown=hashed(secret)) as connection:
            return connection.execute(query).one_or_none()


def end_all(connection: Connection, person: Principal) -> int:
    """No session and no sign-in link of the person opens anything; how many ended."""
    ended = 0
    for table in (sessions, sign_ins):
        theirs = (
            table.c.tenant == person.tenant,
            table.c.role == person.role,
            table.c.user == person.user,
        )
        ended += connection.execute(delete(table).where(*theirs)).rowcount
    return ended


def _person(row: dict[str, Any]) -> Principal:
    return Principal(row["tenant"], Role(row["role"]), None, row["user"])
