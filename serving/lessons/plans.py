"""Plans of lessons as decisions: kept whole, decided again, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from data.store import Store
from engine.bundle import Bundle
from engine.responses import Response

from ..answers import Reading
from ..decisions import new_id, provenance
from ..witness import basis_of, past, witnessed
from .planning import as_document, lesson

POLICY = "lesson-1"
FOLLOWS = timedelta(days=1)
"""How long after a plan was made answers are taken as having followed it: judgement."""
DECIDED = ("status", "tiered_share", "blocks", "without_material", "without_tools")
"""The fields of a record that say what was decided."""
Document = dict[str, Any]


def make_plan(
    reading: Reading,
    class_id: str,
    objective: str,
    *,
    minutes: float,
    policy: Mapping[str, Any],
    grouping: str | None,
) -> Document:
    """The plan of a lesson, stored whole under a new id; the document that was stored."""
    seen, witness = witnessed(reading)
    asked = {"objective": objective, "minutes": minutes, "grouping": grouping}
    class_ = seen.store.get(seen.tenant, "classes", class_id) or {"students": []}
    decided = _decided(seen, class_id, asked, policy)
    basis = basis_of(seen, witness, class_["students"])
    inputs = [class_id, asked, dict(policy), basis, reading.now]
    document = {
        "id": new_id("lsn"),
        **decided,
        "request": asked,
        "class_policy": dict(policy),
        **provenance(reading, POLICY, inputs, revision=basis["revision"]),
        "basis": basis,
    }
    whole: Document = json.loads(json.dumps(document))  # as it is read back
    reading.store.save_session_plan(reading.tenant, whole["id"], whole)
    return whole


def replay(store: Store, bundle: Bundle, tenant: str, document: Document) -> Document:
    """Whether the same plan comes out, bit for bit, and if not, in which fields."""
    then = past(store, bundle, tenant, document)
    again = _decided(then, document["class"], document["request"], document["class_policy"])
    replayed = json.loads(json.dumps(again))
    differences = [
        {"field": field, "stored": document[field], "replayed": replayed[field]}
        for field in DECIDED
        if document[field] != replayed[field]
    ]
    return {"id": document["id"], "identical": not differences, "differences": differences}


def outcome(reading: Reading, document: Document) -> list[Document]:
    """For each task with an activity: who of its students did it in the day after, and how."""
    since = datetime.fromisoformat(document["decided_at"])
    students = sorted({s for _, task in _tasks(document) for s in task["students"]})
    histories = reading.responses(students)
    return [
        _task_outcome(block, task, histories, since)
        for block, task in _tasks(document)
        if task["activity"] is not None
    ]


def _decided(
    reading: Reading, class_id: str, asked: Mapping[str, Any], policy: Mapping[str, Any]
) -> Document:
    grouping = asked["grouping"]
    found = lesson(
        reading,
        class_id,
        asked["objective"],
        minutes=asked["minutes"],
        policy=policy,
        document=reading.store.get(reading.tenant, "groupings", grouping) if grouping else None,
    )
    return as_document(class_id, found)


def _tasks(document: Document) -> Iterator[tuple[int, Document]]:
    for number, block in enumerate(document["blocks"]):
        for task in block["tasks"]:
            yield number, task


def _task_outcome(
    block: int, task: Document, histories: Mapping[str, Sequence[Response]], since: datetime
) -> Document:
    answers = [
        response
        for student in task["students"]
        for response in histories[student]
        if response.activity == task["activity"] and since <= response.occurred_at < since + FOLLOWS
    ]
    right = sum(response.correct for response in answers) / len(answers) if answers else None
    return {
        "block": block,
        "activity": task["activity"],
        "students": len(task["students"]),
        "did": len({response.student for response in answers}),
        "answers": len(answers),
        "right": right,
    }
