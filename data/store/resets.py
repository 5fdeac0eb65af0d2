"""Links by which somebody chooses a new password, once, without anybody else learning it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select

from engine.errors import Conflict, InvalidInput, NotFound

from .accounts import Account, Accounts
from .audit import Deed, a_person, note
from .instants import microseconds
from .passwords import kept
from .principals import SECRET_BYTES, Principal, hashed
from .schema import resets

RESET_LIFE = timedelta(hours=24)
LONGEST_RESET_LIFE = timedelta(days=7)


class Resets(Accounts):
    """One-time links, by their secrets' hashes."""

    def create_reset(
        self,
        name: str,
        now: datetime,
        *,
        life: timedelta = RESET_LIFE,
        by: Principal | None = None,
    ) -> str:
        """The token of a link by which the account's person chooses a new password; any earlier
        link of theirs opens nothing any more.

        Raises `NotFound` where there is no such account (an admin's: in their own tenant),
        `Conflict` for one that is disabled.
        """
        if not timedelta(0) < life <= LONGEST_RESET_LIFE:
            most = f"longer than nothing, {LONGEST_RESET_LIFE.days} days at most"
            raise InvalidInput.at("life", life, most)
        account = self.account(name)
        if account is None or (by is not None and by.tenant != account.tenant):
            raise NotFound("account", name)
        if account.disabled:
            raise Conflict(f"the account {name!r} is disabled: give it a password to open it again")
        secret, moment = secrets.token_urlsafe(SECRET_BYTES), microseconds(now, "now")
        row = {
            "secret_hash": hashed(secret),
            "tenant": account.tenant,
            "name": name,
            "expires_at": microseconds(now + life),
        }
        with self._database.writing(account.tenant) as connection:
            connection.execute(delete(resets).where(_of(account)))
            connection.execute(insert(resets).values(row))
            about = a_person(account.person)
            note(connection, account.tenant, Deed.CREATE_RESET, moment, by=by, about=about)
        return secret

    def account_to_reset(self, token: str, now: datetime) -> Account | None:
        """Whose password a link may change; None for a link that is not good now."""
        good = (
            resets.c.secret_hash == hashed(token),
            resets.c.expires_at > microseconds(now, "now"),
        )
        with self._database.reading(shown=hashed(token)) as connection:
            name = connection.scalar(select(resets.c.name).where(*good))
        account = None if name is None else self.account(name)
        return None if account is None or account.disabled else account

    def use_reset(self, token: str, password: str, now: datetime) -> Account | None:
        """The account has the new password, the link is used up, and the sessions of before are
        ended; None for a link that is not good now. Raises `InvalidInput` for a bad password,
        and the link stays."""
        account = self.account_to_reset(token, now)
        if account is None:
            return None
        form = kept(password, of=account.name)
        with self._database.writing(account.tenant) as connection:
            own = delete(resets).where(_of(account), resets.c.secret_hash == hashed(token))
            if connection.execute(own).rowcount == 0:  # somebody was faster
                return None
            changed, _ = self._set_password(connection, account.name, form)
            about, by = a_person(account.person), account.person
            moment = microseconds(now, "now")
            note(connection, account.tenant, Deed.USE_RESET, moment, by=by, about=about)
        return changed


def _of(account: Account) -> ColumnElement[bool]:
    return (resets.c.tenant == account.tenant) & (resets.c.name == account.name)
