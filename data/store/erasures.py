"""Who was erased, and that nothing about them comes back.

Of an erased student a digest of the id is left, by which a late event is known. A digest cannot be
read; but who can guess ids can try them out, so an id that says a name was never anonymous.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from engine.errors import Conflict

from .instants import instant
from .lookups import among, insert_of
from .schema import erasures

REASON = "this student was erased, and nothing about them is kept"


class Erasure(NamedTuple):
    """That a student was erased: when, and how many events went, which is all that is kept."""

    erased_at: datetime
    events: int


def digest(tenant: str, student: str) -> str:
    """The digest by which an erased student is known.

    >>> digest("north", "ana") == digest("northa", "na")
    False
    """
    text = f"erased:{len(tenant)}:{tenant}{student}"
    return hashlib.sha256(text.encode()).hexdigest()


def erased_among(connection: Connection, tenant: str, students: Iterable[str]) -> frozenset[str]:
    """Those of the students who were erased."""
    by_digest = {digest(tenant, student): student for student in students}
    if not by_digest:
        return frozenset()
    query = select(erasures.c.digest).where(
        erasures.c.tenant == tenant, among(connection, erasures.c.digest, list(by_digest))
    )
    return frozenset(by_digest[found] for found in connection.scalars(query))


def refuse_erased(connection: Connection, tenant: str, students: Iterable[str]) -> None:
    """Raises `Conflict` naming students who were erased: a roster cannot bring them back."""
    found = sorted(erased_among(connection, tenant, students))
    if found:
        raise Conflict(f"students {', '.join(map(repr, found))}: {REASON}; use another id")


def erasure_of(connection: Connection, tenant: str, student: str) -> Erasure | None:
    """The erasure of a student; None for one who was not erased."""
    query = select(erasures).where(
        erasures.c.tenant == tenant, erasures.c.digest == digest(tenant, student)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Erasure(instant(row.erased_at), row.events)


def note_erasure(connection: Connection, tenant: str, student: str, now: int, events: int) -> None:
    """The student counts as erased from now on, and since then if they were before."""
    row = {"tenant": tenant, "digest": digest(tenant, student), "erased_at": now, "events": events}
    first = insert_of(connection)(erasures).values(row)
    more = {"events": erasures.c.events + events}
    connection.execute(first.on_conflict_do_update(index_elements=["tenant", "digest"], set_=more))
