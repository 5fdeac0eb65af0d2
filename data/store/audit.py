"""The audit log: who did what to whom, only ever added to.

It names nobody. A key stands there by its id, a person by a digest of who they are, a student by
the digest that is left of the erased: so the log survives an erasure as it is, and says what
happened to somebody to whoever knows their id. The database itself refuses to change a row, or to
delete one that is younger than a year.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, delete, insert, or_, select

from engine.errors import InvalidInput

from .connection import Connected, Database
from .erasures import digest
from .identifiers import check_ids
from .instants import instant, microseconds
from .postgres import name_tenant
from .principals import Principal, Role
from .schema import audit, keys
from .writer import Writer

OPERATOR = "operator"
"""The role of whoever works at the machine itself, by the command line."""
SHOWN_DIGITS = 16  # of a digest: 64 bits tell a school's people apart
LEAST_KEPT = timedelta(days=365)
LARGEST_PAGE = 1000


class Deed(StrEnum):
    """Something that is noted."""

    SIGN_IN = "sign-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    CREATE_SIGN_IN_LINK = "create-sign-in-link"
    CREATE_KEY = "create-key"
    ROTATE_KEY = "rotate-key"
    REVOKE_KEY = "revoke-key"
    CREATE_ACCOUNT = "create-account"
    DISABLE_ACCOUNT = "disable-account"
    CHANGE_PASSWORD = "change-password"
    CREATE_RESET = "create-reset"
    USE_RESET = "use-reset"
    CHANGE_ROLE = "change-role"
    READ_STUDENT = "read-student"
    READ_CLASS = "read-class"
    EXPORT_STUDENT = "export-student"
    ERASE_STUDENT = "erase-student"
    OVERRIDE = "override"
    WITHDRAW_OVERRIDE = "withdraw-override"


class About(NamedTuple):
    """Whom or what a deed is about, by a word for its kind and a name that says nothing."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A row of the audit log. `actor` is None for the operator and for whoever has no name."""

    sequence: int
    at: datetime
    deed: Deed
    role: str
    actor: str | None
    kind: str | None
    about: str | None
    detail: str | None


def pseudonym(tenant: str, role: str, user: str) -> str:
    """What stands for a person.

    >>> pseudonym("north", "teacher", "ms-rivera")
    'teacher-e19ab4a6d99aa2a9'
    """
    if role == Role.STUDENT:
        return f"student-{digest(tenant, user)[:SHOWN_DIGITS]}"
    text = f"person:{len(tenant)}:{tenant}{role}:{user}"
    return f"{role}-{hashlib.sha256(text.encode()).hexdigest()[:SHOWN_DIGITS]}"


def a_student(tenant: str, student: str) -> About:
    """A student, as a deed is about them."""
    return About("student", pseudonym(tenant, Role.STUDENT, student))


def a_person(person: Principal) -> About | None:
    """Whoever a credential is for, as a deed is about them; None for nobody in particular."""
    if person.user is None:
        return None
    return About("person", pseudonym(person.tenant, person.role, person.user))


def note(
    connection: Connection,
    tenant: str,
    deed: Deed,
    moment: int,
    *,
    by: Principal | None = None,
    about: About | None = None,
    detail: str | None = None,
) -> None:
    """The deed is in the log once the caller's transaction is; `by` None: the operator."""
    row = {
        "tenant": tenant,
        "at": moment,
        "deed": str(deed),
        "role": str(by.role) if by else OPERATOR,
        "actor": _actor(by),
        "kind": about.kind if about else None,
        "about": about.id if about else None,
        "detail": detail,
    }
    connection.execute(insert(audit).values(row))


class Reading(NamedTuple):
    """That somebody looked at something, to be noted."""

    deed: Deed
    moment: int
    by: Principal
    about: About


class Audit(Connected):
    """The audit log of each tenant."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._readings: Writer[Reading, None] = Writer(self._write_readings)

    def note(
        self,
        deed: Deed,
        now: datetime,
        *,
        by: Principal,
        about: About | None = None,
        detail: str | None = None,
    ) -> None:
        """The caller's deed is in the log."""
        with self._database.writing(by.tenant) as connection:
            moment = microseconds(now, "now")
            note(connection, by.tenant, deed, moment, by=by, about=about, detail=detail)

    def note_reading(self, deed: Deed, now: datetime, *, by: Principal, about: About) -> None:
        """That the caller looked is in the log in a moment. Nobody waits for it: where the
        database takes no writes, people still see their pages, and that they did is not noted."""
        self._readings.submit(Reading(deed, microseconds(now, "now"), by, about))

    def _write_readings(self, group: Sequence[Reading]) -> list[None]:
        with self._database.writing(durable=False) as connection:
            for deed, moment, by, about in group:
                name_tenant(connection, by.tenant)
                note(connection, by.tenant, deed, moment, by=by, about=about)
        return [None] * len(group)

    def audit(
        self,
        tenant: str,
        *,
        after: int = 0,
        limit: int = 100,
        deed: str | None = None,
        student: str | None = None,
        user: str | None = None,
        since: datetime | None = None,
    ) -> list[Noted]:
        """A page of the log, oldest first, beginning behind `after`.

        `student`: what was done to them; `user`: what somebody of this name did, and what was done
        to their credentials.
        """
        check_ids("tenant", tenant)
        if not 1 <= limit <= LARGEST_PAGE:
            raise InvalidInput.at("limit", limit, f"a number from 1 to {LARGEST_PAGE}")
        query = select(audit).where(audit.c.tenant == tenant, audit.c.sequence > after)
        if deed is not None:
            query = query.where(audit.c.deed == _known(deed))
        if student is not None:
            query = query.where(audit.c.about == a_student(tenant, student).id)
        if since is not None:
            query = query.where(audit.c.at >= microseconds(since, "since"))
        with self._database.reading(tenant) as connection:
            if user is not None:
                names = _names_of(connection, tenant, user)
                query = query.where(or_(audit.c.actor.in_(names), audit.c.about.in_(names)))
            rows = connection.execute(query.order_by(audit.c.sequence).limit(limit))
            return [_noted(row) for row in rows]

    def forget_audit(self, tenant: str, before: datetime, now: datetime) -> int:
        """What was noted before is gone; how many rows. Raises `InvalidInput` within a year."""
        check_ids("tenant", tenant)
        if before > now - LEAST_KEPT:
            expected = (
                f"{(now - LEAST_KEPT).date()} or earlier: the log is kept for a year at least"
            )
            raise InvalidInput.at("before", before.date(), expected)
        old = (audit.c.tenant == tenant, audit.c.at < microseconds(before, "before"))
        with self._database.writing(tenant) as connection:
            return connection.execute(delete(audit).where(*old)).rowcount


def audit_of_student(connection: Connection, tenant: str, student: str) -> list[dict[str, Any]]:
    """What was done to a student, when and by which role: their own to know."""
    about = a_student(tenant, student).id
    query = select(audit).where(audit.c.tenant == tenant, audit.c.about == about)
    rows: Sequence[Row[Any]] = connection.execute(query.order_by(audit.c.sequence)).all()
    return [{"at": instant(r.at).isoformat(), "deed": r.deed, "role": r.role} for r in rows]


def _actor(by: Principal | None) -> str | None:
    if by is None or by.key_id is not None:
        return by.key_id if by else None
    return pseudonym(by.tenant, by.role, by.user) if by.user else None


def _known(deed: str) -> str:
    if deed not in list(Deed):
        raise InvalidInput.at("deed", deed, f"one of {', '.join(Deed)}")
    return deed


def _names_of(connection: Connection, tenant: str, user: str) -> list[str]:
    """Everything that stands for somebody: in any role, and each of their keys."""
    theirs = select(keys.c.id).where(keys.c.tenant == tenant, keys.c.user == user)
    people = [pseudonym(tenant, role, user) for role in Role]
    return [*people, *connection.scalars(theirs)]


def _noted(row: Row[Any]) -> Noted:
    return Noted(
        sequence=row.sequence,
        at=instant(row.at),
        deed=Deed(row.deed),
        role=row.role,
        actor=row.actor,
        kind=row.kind,
        about=row.about,
        detail=row.detail,
    )
