"""People who sign in: local accounts with a password, and identities that a provider vouches for.

Wrong passwords are counted by name and by address. After a few, each has to wait, twice as long
every time: nobody can try many, and nobody is locked out for longer than a quarter of an hour.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select, update

from engine.errors import Conflict, InvalidInput, NotFound

from .connection import Connected
from .identifiers import check_ids, is_id
from .instants import instant, microseconds
from .lookups import insert_of
from .passwords import is_outdated, kept, matches
from .principals import Principal, Role, owner
from .schema import accounts, failures, identities

FREE_TRIES = {"name": 5, "address": 30}
"""Wrong passwords before anybody waits; a school's many computers may share one address."""
LONGEST_WAIT = timedelta(minutes=15)
KEY = ["digest"]
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a local account, which is all but its password."""

    name: str
    tenant: str
    role: Role
    user: str
    created_at: datetime
    disabled: bool

    @property
    def person(self) -> Principal:
        """Whom the account signs in."""
        return Principal(self.tenant, self.role, None, self.user)


class Accounts(Connected):
    """Local accounts by the name that is typed, and identities by issuer and subject."""

    def create_account(
        self,
        name: str,
        password: str,
        *,
        tenant: str,
        role: str,
        now: datetime,
        user: str | None = None,
    ) -> Account:
        """A new account; `user`, who they are in their tenant, is the name unless it is given.

        Raises `Conflict` where the name is taken, whichever tenant has it.
        """
        check_ids("name", name)
        if password.strip().lower() == name.lower():
            raise InvalidInput.at("password", "the name", "something that nobody can guess")
        row = {
            **owner(tenant, role, user or name),
            "name": name,
            "password_hash": kept(password),
            "created_at": microseconds(now, "now"),
            "disabled": False,
        }
        with self._database.writing() as connection:
            first = insert_of(connection)(accounts).values(row).on_conflict_do_nothing()
            if connection.scalar(first.returning(accounts.c.name)) is None:
                raise Conflict(f"there is an account of the name {name!r} already")
            return _account(connection.execute(_named(name)).one())

    def accounts(self, tenant: str) -> list[Account]:
        """The tenant's accounts, disabled ones included, by name."""
        query = select(accounts).where(accounts.c.tenant == tenant).order_by(accounts.c.name)
        with self._database.reading() as connection:
            return [_account(row) for row in connection.execute(query)]

    def disable_account(self, name: str) -> Account:
        """The account signs nobody in from now on. Raises `NotFound` where there is none."""
        return self._change(name, {"disabled": True})

    def set_password(self, name: str, password: str) -> Account:
        """The account has another password, and is not disabled."""
        return self._change(name, {"password_hash": kept(password), "disabled": False})

    def signed_in(self, name: str, password: str) -> Principal | None:
        """Whom a name and password sign in; None for anything but a true pair."""
        row = self._account_row(name)
        if not matches(password, None if row is None or row.disabled else row.password_hash):
            return None
        assert row is not None  # nothing matches where nothing is kept
        if is_outdated(row.password_hash):
            self._change(name, {"password_hash": kept(password)})
        return _account(row).person

    def link_identity(
        self, issuer: str, subject: str, person: Principal, now: datetime
    ) -> Principal | None:
        """Whom a provider's subject stands for: the person linked before, if any, else this one.

        The role is that of today's rule, so that who left a group loses what came with it. None
        for somebody who was disabled.
        """
        row = {
            **owner(person.tenant, person.role, person.user),
            "issuer": issuer,
            "subject": subject,
            "created_at": microseconds(now, "now"),
            "disabled": False,
        }
        key = (identities.c.issuer == issuer) & (identities.c.subject == subject)
        with self._database.writing() as connection:
            first = insert_of(connection)(identities).values(row).on_conflict_do_nothing()
            connection.execute(first)
            before = connection.execute(select(identities).where(key)).one()
            if before.disabled or before.tenant != person.tenant:
                return None
            connection.execute(update(identities).where(key).values(role=str(person.role)))
        return Principal(before.tenant, person.role, None, before.user)

    def wait_before_trying(self, name: str, address: str, now: datetime) -> timedelta:
        """How long until a password of this name, from this address, may be tried; zero: now."""
        moment = microseconds(now, "now")
        waits = [timedelta(0)]
        with self._database.reading() as connection:
            for kind, value in (("name", name), ("address", address)):
                query = select(failures.c.count.label("tries"), failures.c.last_at)
                found = query.where(failures.c.digest == _digest(kind, value))
                row = connection.execute(found).one_or_none()
                if row is not None:
                    gone = timedelta(microseconds=moment - row.last_at)
                    waits.append(_wait(row.tries, FREE_TRIES[kind]) - gone)
        return max(waits)

    def note_failure(self, name: str, address: str, now: datetime) -> None:
        """A password was wrong: one more for its name and its address."""
        moment = microseconds(now, "now")
        old = moment - FORGOTTEN_AFTER // timedelta(microseconds=1)
        with self._database.writing(durable=False) as connection:
            connection.execute(delete(failures).where(failures.c.last_at < old))
            for kind, value in (("name", name), ("address", address)):
                digest = _digest(kind, value)
                row = {"digest": digest, "count": 1, "last_at": moment}
                more = {"count": failures.c.count + 1, "last_at": moment}
                first = insert_of(connection)(failures).values(row)
                connection.execute(first.on_conflict_do_update(index_elements=KEY, set_=more))

    def forget_failures(self, name: str) -> None:
        """A password was right: its name begins anew. The address does not."""
        gone = delete(failures).where(failures.c.digest == _digest("name", name))
        with self._database.writing(durable=False) as connection:
            connection.execute(gone)

    def _account_row(self, name: str) -> Row[Any] | None:
        if not is_id(name):  # which no database could look up
            return None
        with self._database.reading() as connection:
            return connection.execute(_named(name)).one_or_none()

    def _change(self, name: str, values: dict[str, Any]) -> Account:
        change = update(accounts).where(accounts.c.name == name).values(values)
        with self._database.writing() as connection:
            if connection.execute(change).rowcount == 0:
                raise NotFound("account", name)
            return _account(connection.execute(_named(name)).one())


def _named(name: str) -> Any:
    return select(accounts).where(accounts.c.name == name)


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name,
        tenant=row.tenant,
        role=Role(row.role),
        user=row.user,
        created_at=instant(row.created_at),
        disabled=row.disabled,
    )


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
