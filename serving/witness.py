"""Which versions of facts a decision read, and the same facts read again as they were then.

A decision about a class rests on many facts: the roster, what is remembered of its groups, its
workshops. A `Witness` stands before the store and notes the version of every fact that is read
through it; a `Past` gives back those very versions, and answers and curriculum as they stood.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, cast

from data.store import History, Stamp, Store, Wishes
from engine.bundle import Bundle
from engine.curriculum import Curriculum
from engine.errors import Conflict

from .answers import Reading

Document = dict[str, Any]
Stored = dict[str, Any]


class Witness:
    """A store that notes which versions of facts are read through it; 0: there was none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read: dict[tuple[str, str], int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def get(self, tenant: str, kind: str, id: str) -> Stored | None:
        """As `Store.get`."""
        return self.get_many(tenant, kind, [id]).get(id)

    def get_many(self, tenant: str, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        """As `Store.get_many`."""
        found = self._store.get_many(tenant, kind, ids)
        for id in ids:
            self.read[kind, id] = found[id]["version"] if id in found else 0
        return found


class Past:
    """A store that gives back what a basis says was read. See `witnessed`."""

    def __init__(self, store: Store, basis: Document) -> None:
        self._store, self._basis = store, basis
        self._facts = {(kind, id): version for kind, id, version in basis["facts"]}

    def at_once(self, _tenant: str) -> AbstractContextManager[None]:
        """Nothing of the past changes meanwhile."""
        return nullcontext()

    def curriculum(self, tenant: str) -> Curriculum:
        return self._store.curriculum_then(tenant, self._basis["revision"])

    def get(self, tenant: str, kind: str, id: str) -> Stored | None:
        version = self._facts.get((kind, id), 0)
        return self._store.fact_then(tenant, kind, id, version) if version else None

    def get_many(self, tenant: str, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        found = ((id, self.get(tenant, kind, id)) for id in ids)
        return {id: fact for id, fact in found if fact is not None}

    def histories(self, tenant: str, students: Sequence[str]) -> dict[str, History]:
        """Raises `Conflict` where the answers of then are no longer all there."""
        curriculum = self.curriculum(tenant)
        return {student: self._history(tenant, student, curriculum) for student in students}

    def wishes(
        self, tenant: str, students: Sequence[str], *, as_of: datetime | None = None
    ) -> dict[str, Wishes]:
        assert as_of is None, "the past of the past is not on record"
        return {student: self._wishes(tenant, student) for student in students}

    def _history(self, tenant: str, student: str, curriculum: Curriculum) -> History:
        kept = self._basis["students"][student]
        stamp = Stamp(self._basis["revision"], kept["events"], kept["newest"])
        found = self._store.responses_then(tenant, student, stamp, curriculum)
        if found is None:
            raise Conflict("the answers it was decided from are no longer all there")
        return History(stamp, tuple(found))

    def _wishes(self, tenant: str, student: str) -> Wishes:
        kept = self._basis["students"][student]
        versions = tuple((kind, id, version) for kind, id, version in kept["wishes"])
        overrides, goals = self._store.wishes_then(tenant, versions)
        workshops = self._store.workshops_then(tenant, versions)
        return Wishes(overrides, goals, frozenset(kept["classes"]), versions, workshops)


def witnessed(reading: Reading) -> tuple[Reading, Witness]:
    """The same reading, through a witness."""
    witness = Witness(reading.store)
    store = cast(Store, witness)  # all of a store, but for what it notes
    return Reading(store, reading.bundle, reading.tenant, reading.now, kept=reading.kept), witness


def basis_of(reading: Reading, witness: Witness, students: Sequence[str]) -> Document:
    """Where everything stood that a decision about these students read."""
    wishes = reading.wishes(students)
    return {
        "revision": reading.store.revision(reading.tenant),
        "facts": sorted([kind, id, version] for (kind, id), version in witness.read.items()),
        "students": {
            student: {
                "events": reading.stamp(student).events,
                "newest": reading.stamp(student).newest,
                "classes": sorted(wishes[student].classes),
                "wishes": [list(one) for one in wishes[student].versions],
            }
            for student in students
        },
    }


def past(store: Store, bundle: Bundle, tenant: str, document: Document) -> Reading:
    """The facts as they stood when a document was decided.

    Raises `Conflict` where another model decided it.
    """
    if document["model"] != bundle.version:
        raise Conflict(
            f"it was decided by the model {document['model']}, and this one is {bundle.version}: "
            "name the bundle it was decided by"
        )
    then = cast(Store, Past(store, document["basis"]))  # what a decision reads of a store
    return Reading(then, bundle, tenant, datetime.fromisoformat(document["decided_at"]))
