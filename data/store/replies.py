"""What was answered to a request that may come again: kept for a day, and given again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from .connection import Connected
from .instants import MICROSECOND, microseconds
from .lookups import insert_of
from .schema import replies

KEPT_FOR = timedelta(days=1)
UNANSWERED_FOR = timedelta(minutes=2)
"""Whoever took a request up and has not answered by then is gone: it may be taken up anew."""


class Reply(NamedTuple):
    """What was answered, and to what; without a status it is being answered just now."""

    request: str
    status: int | None = None
    headers: dict[str, str] | None = None
    body: str | None = None


class Replies(Connected):
    """Replies by tenant and a digest of caller and key."""

    def take_up(self, tenant: str, digest: str, request: str, now: datetime) -> Reply | None:
        """None where the request is the caller's to answer now; else what is known of it.

        Of several who ask at once, one is told to answer.
        """
        moment = microseconds(now, "now")
        row = {"tenant": tenant, "digest": digest, "request": request, "created_at": moment}
        with self._database.writing(tenant) as connection:
            _clear(connection, tenant, moment)
            first = insert_of(connection)(replies).values(row).on_conflict_do_nothing()
            if connection.scalar(first.returning(replies.c.digest)) is not None:
                return None
            query = select(replies).where(replies.c.tenant == tenant, replies.c.digest == digest)
            found = connection.execute(query).one()
        return Reply(found.request, found.status, found.headers, found.body)

    def keep_reply(self, tenant: str, digest: str, reply: Reply) -> None:
        """The reply is given to whoever asks the same again within a day."""
        change = update(replies).where(replies.c.tenant == tenant, replies.c.digest == digest)
        values = {"status": reply.status, "headers": reply.headers, "body": reply.body}
        with self._database.writing(tenant) as connection:
            connection.execute(change.values(values))

    def let_go(self, tenant: str, digest: str) -> None:
        """The request was not answered for good: it may be taken up anew."""
        gone = delete(replies).where(replies.c.tenant == tenant, replies.c.digest == digest)
        with self._database.writing(tenant) as connection:
            connection.execute(gone)


def _clear(connection: Connection, tenant: str, moment: int) -> None:
    old = replies.c.created_at < moment - KEPT_FOR // MICROSECOND
    abandoned = replies.c.created_at < moment - UNANSWERED_FOR // MICROSECOND
    waiting = replies.c.status.is_(None) & abandoned
    connection.execute(delete(replies).where(replies.c.tenant == tenant, old | waiting))
