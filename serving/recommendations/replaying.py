"""A recommendation decided again from what it was decided from, and held against the record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from data.store import Stamp, Store
from engine.beliefs import student_beliefs
from engine.bundle import Bundle
from engine.errors import Conflict
from engine.overrides import ruled, rulings
from engine.requests import Request
from engine.workshops import Place

from ..decisions import Basis, as_document, decided

Document = dict[str, Any]
NOT_DECIDED = frozenset(
    {"id", "student", "decided_at", "expires_at", "inputs_hash", "basis", "curriculum_revision"}
)
"""Fields of a record that say when and from what, not what was decided."""


def replay(store: Store, bundle: Bundle, tenant: str, document: Document) -> Document:
    """Whether the same decision comes out, bit for bit, and if not, in which fields.

    Raises `Conflict` where it cannot be decided again: under another model than it was, or when
    the student's answers of then are no longer all there.
    """
    if document["model"] != bundle.version:
        raise Conflict(
            f"it was decided by the model {document['model']}, and this one is {bundle.version}: "
            "name the bundle it was decided by"
        )
    again = _again(store, bundle, tenant, document)
    differences = list(_differences(document, again))
    return {"id": document["id"], "identical": not differences, "differences": differences}


def _again(store: Store, bundle: Bundle, tenant: str, document: Document) -> Document:
    kept, student = document["basis"], document["student"]
    now = datetime.fromisoformat(document["decided_at"])
    curriculum = store.curriculum_then(tenant, document["curriculum_revision"])
    stamp = Stamp(document["curriculum_revision"], kept["events"], kept["newest"])
    history = store.responses_then(tenant, student, stamp, curriculum)
    if history is None:
        raise Conflict("the answers it was decided from are no longer all there")
    overrides, goals = store.wishes_then(tenant, [tuple(one) for one in kept["wishes"]])
    said = rulings(overrides, curriculum, student=student, at=now, classes=kept["classes"])
    beliefs = student_beliefs(history, bundle, curriculum.traced, at=now)
    request: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in document["request"].items()
    }
    basis = Basis(
        student, curriculum, ruled(beliefs, said), history, bundle, said, goals, now, _places(kept)
    )
    return as_document(decided(basis, Request(**request)))


def _places(kept: Document) -> tuple[Place, ...]:
    return tuple(Place(**one) for one in kept.get("places", ()))


def _differences(stored: Document, again: Document) -> Iterator[Document]:
    """The fields of the decision in which two records differ."""
    replayed = json.loads(json.dumps(again))
    for field in sorted((stored.keys() | replayed.keys()) - NOT_DECIDED - {"model", "request"}):
        then, now = stored.get(field), replayed.get(field)
        if then != now:
            yield {"field": field, "stored": then, "replayed": now}
