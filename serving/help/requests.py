"""Requests for help as facts: asked, found, answered, withdrawn; pages and API call these."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from data.store import Store
from engine.errors import Conflict, Fault, InvalidInput, Outdated

Help = dict[str, Any]
KIND = "help"
SAID = ("skill", "activity", "message", "by")


def ask(
    store: Store,
    tenant: str,
    student: str,
    said: dict[str, Any],
    *,
    id: str | None = None,
    now: datetime,
) -> tuple[Help, bool]:
    """The request as it is kept, and whether it is new. The same under the same id is kept once.

    Raises `Conflict` for another request under the id, `InvalidInput` for a skill or an activity
    that does not exist.
    """
    _check(store, tenant, said)
    key = id or f"help_{uuid4().hex}"
    body = {**said, "student": student, "status": "open", "asked_at": now.isoformat()}
    try:
        return store.put(
            tenant, KIND, key, body, now=now, author=str(said.get("by") or ""), expected=0
        )
    except Outdated:
        before = store.get(tenant, KIND, key) or {}
        same = all(before.get(name) == body.get(name) for name in ("student", *SAID))
        if not same:
            raise Conflict(f"another request for help is kept under the id {key!r}") from None
        return before, False


def answered(store: Store, tenant: str, found: Help, *, by: str, text: str, now: datetime) -> Help:
    """The request, answered by somebody; one that was answered before keeps its first answer."""
    if found["status"] == "answered":
        return found
    body = {
        **found,
        "status": "answered",
        "answer": text,
        "answered_by": by,
        "answered_at": now.isoformat(),
    }
    return store.put(tenant, KIND, found["id"], body, now=now, author=by)[0]


def of_students(
    store: Store, tenant: str, students: Sequence[str], *, status: str | None = None
) -> list[Help]:
    """The requests of these students, the oldest first."""
    found = store.about_students(tenant, KIND, students)
    return sorted(
        (one for one in found if status is None or one["status"] == status),
        key=lambda one: (one["asked_at"], one["id"]),
    )


def _check(store: Store, tenant: str, said: dict[str, Any]) -> None:
    curriculum = store.curriculum(tenant)
    known = {"skill": curriculum.skills, "activity": curriculum.activities}
    faults = [
        Fault(name, said[name], f"the id of one that exists: {name}")
        for name, things in known.items()
        if said.get(name) is not None and said[name] not in things
    ]
    if faults:
        raise InvalidInput(faults)
