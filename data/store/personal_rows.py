"""The rows that are about one student, wherever they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select

from .schema import decisions

ABOUT_CLASSES = ("grouping", "session_plan")
"""Kinds of decisions that name the students of a class."""
NAMING = ("groupings", "group_records", "workshop_seats")
"""Kinds of facts about a class that name its students."""


def rows(connection: Connection, table: Table, tenant: str, **columns: str) -> Sequence[Row[Any]]:
    """The tenant's rows in which these columns hold these values."""
    query = select(table).where(table.c.tenant == tenant)
    return connection.execute(
        query.where(*(table.c[name] == value for name, value in columns.items()))
    ).all()


def delete_rows(connection: Connection, table: Table, tenant: str, **columns: str) -> int:
    """Those rows are gone; how many there were."""
    gone = delete(table).where(table.c.tenant == tenant)
    return connection.execute(
        gone.where(*(table.c[name] == value for name, value in columns.items()))
    ).rowcount


def versions_about(
    connection: Connection, table: Table, tenant: str, kind: str, student: str
) -> Sequence[Row[Any]]:
    """Every version of a goal or an override about the student."""
    query = select(table).where(
        table.c.tenant == tenant,
        table.c.kind == kind,
        table.c.body["student"].as_string() == student,
    )
    return connection.execute(query.order_by(table.c.id, table.c.version)).all()


def recommendations_of(connection: Connection, tenant: str, student: str) -> Sequence[Row[Any]]:
    """Every recommendation made to the student."""
    query = select(decisions).where(
        decisions.c.tenant == tenant,
        decisions.c.kind == "recommendation",
        decisions.c.body["student"].as_string() == student,
    )
    return connection.execute(query).all()


def decisions_about_classes(connection: Connection, tenant: str) -> list[Row[Any]]:
    """The decisions about whole classes, which name their students."""
    return [row for kind in ABOUT_CLASSES for row in rows(connection, decisions, tenant, kind=kind)]
