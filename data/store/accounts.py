"""People who sign in: local accounts with a password, and identities that a provider vouches for.

Whatever is done to an account is in its school's audit log. A new password ends every session.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from engine.errors import Conflict, NotFound

from .audit import Deed, a_person, note
from .connection import Connected
from .identifiers import check_ids, is_id
from .instants import instant, microseconds
from .lookups import insert_of, tenant_of
from .passwords import is_outdated, kept, matches
from .principals import Principal, Role, owner
from .schema import accounts, identities, resets
from .sessions import end_all


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
        moment = microseconds(now, "now")
        row = {
            **owner(tenant, role, user or name),
            "name": name,
            "password_hash": kept(password, of=name),
            "created_at": moment,
            "disabled": False,
        }
        with self._database.writing(tenant) as connection:
            first = insert_of(connection)(accounts).values(row).on_conflict_do_nothing()
            if connection.scalar(first.returning(accounts.c.name)) is None:
                raise Conflict(f"there is an account of the name {name!r} already")
            made = _account(connection.execute(_named(name)).one())
            about = a_person(made.person)
            note(connection, tenant, Deed.CREATE_ACCOUNT, moment, about=about, detail=role)
        return made

    def account(self, name: str) -> Account | None:
        """The account of this name, whichever tenant has it."""
        row = self._account_row(name)
        return None if row is None else _account(row)

    def account_of(self, person: Principal) -> Account | None:
        """The account that signs somebody in; the first by name where there are several."""
        theirs = (
            accounts.c.tenant == person.tenant,
            accounts.c.role == person.role,
            accounts.c.user == person.user,
        )
        query = select(accounts).where(*theirs).order_by(accounts.c.name).limit(1)
        with self._database.reading(person.tenant) as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _account(row)

    def accounts(self, tenant: str) -> list[Account]:
        """The tenant's accounts, disabled ones included, by name."""
        query = select(accounts).where(accounts.c.tenant == tenant).order_by(accounts.c.name)
        with self._database.reading(tenant) as connection:
            return [_account(row) for row in connection.execute(query)]

    def disable_account(self, name: str, now: datetime) -> tuple[Account, int]:
        """The account signs nobody in from now on; and how many sessions and links ended.

        Raises `NotFound` where there is none.
        """
        with self._changing(name) as connection:
            changed = _changed(connection, name, {"disabled": True})
            ended = _close(connection, changed)
            moment, about = microseconds(now, "now"), a_person(changed.person)
            note(connection, changed.tenant, Deed.DISABLE_ACCOUNT, moment, about=about)
        return changed, ended

    def set_password(
        self, name: str, password: str, now: datetime, *, by: Principal | None = None
    ) -> tuple[Account, int]:
        """The account has another password, and is not disabled; and how many sessions and links
        ended, which is all there were."""
        form = kept(password, of=name)
        with self._changing(name) as connection:
            changed, ended = self._set_password(connection, name, form)
            moment, about = microseconds(now, "now"), a_person(changed.person)
            note(connection, changed.tenant, Deed.CHANGE_PASSWORD, moment, by=by, about=about)
        return changed, ended

    def signed_in(self, name: str, password: str) -> Principal | None:
        """Whom a name and password sign in; None for anything but a true pair."""
        row = self._account_row(name)
        if not matches(password, None if row is None or row.disabled else row.password_hash):
            return None
        assert row is not None  # nothing matches where nothing is kept
        if is_outdated(row.password_hash):
            with self._changing(name) as connection:
                _changed(connection, name, {"password_hash": kept(password)})
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
        moment = microseconds(now, "now")
        with self._database.writing(person.tenant) as connection:
            first = insert_of(connection)(identities).values(row).on_conflict_do_nothing()
            connection.execute(first)
            before = connection.execute(select(identities).where(key)).one_or_none()
            if before is None or before.disabled or before.tenant != person.tenant:
                return None
            known = Principal(before.tenant, person.role, None, before.user)
            if before.role != person.role:
                connection.execute(update(identities).where(key).values(role=str(person.role)))
                _note_role(connection, known, before.role, moment)
        return known

    def _account_row(self, name: str) -> Row[Any] | None:
        if not is_id(name):  # which no database could look up
            return None
        with self._database.reading(shown=name) as connection:
            return connection.execute(_named(name)).one_or_none()

    @contextmanager
    def _changing(self, name: str) -> Iterator[Connection]:
        """A writing connection of the account's tenant. Raises `NotFound` where there is none."""
        tenant = tenant_of(self._database, accounts.c.name, name) if is_id(name) else None
        if tenant is None:
            raise NotFound("account", name)
        with self._database.writing(tenant) as connection:
            yield connection

    def _set_password(self, connection: Connection, name: str, form: str) -> tuple[Account, int]:
        """The account as it opens by a password of this form; how many sessions and links ended."""
        changed = _changed(connection, name, {"password_hash": form, "disabled": False})
        return changed, _close(connection, changed)


def _note_role(connection: Connection, person: Principal, before: str, moment: int) -> None:
    detail, about = f"{before} to {person.role}", a_person(person)
    note(connection, person.tenant, Deed.CHANGE_ROLE, moment, by=person, about=about, detail=detail)


def _changed(connection: Connection, name: str, values: dict[str, Any]) -> Account:
    connection.execute(update(accounts).where(accounts.c.name == name).values(values))
    return _account(connection.execute(_named(name)).one())


def _close(connection: Connection, account: Account) -> int:
    """No session, sign-in link or reset of before opens anything; how many of the first two."""
    theirs = (resets.c.tenant == account.tenant, resets.c.name == account.name)
    connection.execute(delete(resets).where(*theirs))
    return end_all(connection, account.person)


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
