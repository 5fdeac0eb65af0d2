"""Passwords tried: after a few wrong ones everybody waits, twice as long every time.

A try of a name counts before the password is looked at, and a right one forgets it: of many that
are sent at once no more are looked at than of as many sent one after the other. Nobody is locked
out for longer than a quarter of an hour.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from .audit import Deed, a_person, note
from .connection import Connected
from .identifiers import is_id
from .instants import microseconds
from .lookups import insert_of
from .principals import Principal, Role
from .schema import accounts, failures

FREE_TRIES = {"name": 5, "address": 30}
"""Wrong passwords before anybody waits; a school's many computers may share one address."""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
NOTHING = timedelta(0)


class Tries(Connected):
    """Tries by a digest of the name or the address."""

    def begin_try(self, name: str, address: str, now: datetime) -> timedelta:
        """How long until a password of this name, from this address, may be tried; nothing or
        less: now, and it counts."""
        moment = microseconds(now, "now")
        old = moment - FORGOTTEN_AFTER // timedelta(microseconds=1)
        with self._database.writing(durable=False) as connection:
            connection.execute(delete(failures).where(failures.c.last_at < old))
            by_name = _wait_of(connection, "name", name, moment)
            wait = max(by_name, _wait_of(connection, "address", address, moment))
            if wait <= NOTHING:
                _count(connection, "name", name, moment)
        return wait

    def note_wrong_password(self, name: str, address: str, now: datetime) -> None:
        """One more wrong password from the address; the account's school has it in its log."""
        moment = microseconds(now, "now")
        person = self._person(name)
        with self._database.writing(person.tenant if person else "", durable=False) as connection:
            _wait_of(connection, "address", address, moment)
            _count(connection, "address", address, moment)
            if person:
                refused, about = Deed.SIGN_IN_REFUSED, a_person(person)
                note(connection, person.tenant, refused, moment, by=person, about=about)

    def forget_tries(self, name: str) -> None:
        """A password was right: its name begins anew. The address does not."""
        gone = delete(failures).where(failures.c.digest == _digest("name", name))
        with self._database.writing(durable=False) as connection:
            connection.execute(gone)

    def _person(self, name: str) -> Principal | None:
        """Whose account has the name that was tried."""
        shown = name if is_id(name) else ""
        with self._database.reading(shown=shown) as connection:
            row = connection.execute(
                select(accounts.c.tenant, accounts.c.role, accounts.c.user).where(
                    accounts.c.name == shown
                )
            ).one_or_none()
        return None if row is None else Principal(row.tenant, Role(row.role), None, row.user)


def _wait_of(connection: Connection, kind: str, value: str, moment: int) -> timedelta:
    """How long after the last of so many tries another may follow; others wait for this answer."""
    digest = _digest(kind, value)
    first = {"digest": digest, "count": 0, "last_at": moment}
    connection.execute(insert_of(connection)(failures).values(first).on_conflict_do_nothing())
    query = select(failures.c.count.label("tries"), failures.c.last_at)
    row = connection.execute(query.where(failures.c.digest == digest).with_for_update()).one()
    return _wait(row.tries, FREE_TRIES[kind]) - timedelta(microseconds=moment - row.last_at)


def _count(connection: Connection, kind: str, value: str, moment: int) -> None:
    own = failures.c.digest == _digest(kind, value)
    more = update(failures).where(own).values(count=failures.c.count + 1, last_at=moment)
    connection.execute(more)


def _wait(count: int, free: int) -> timedelta:
    """How long after the last of so many wrong passwords another may be tried.

    >>> [_wait(count, 5).total_seconds() for count in (4, 5, 6, 9, 99)]
    [0.0, 1.0, 2.0, 16.0, 900.0]
    """
    if count < free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(count - free, 20)), LONGEST_WAIT)


def _digest(kind: str, value: str) -> str:
    text = f"{kind}:{value}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()
