"""Facts, answers and retractions in any order, repeated and in any pieces: one mastery,
whichever of two workers on a database is told, and whichever is asked."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from data.store import NewEvent, Store
from engine.beliefs import student_beliefs
from engine.bundle import Bundle, versioned
from engine.parameters import SkillEstimate, SkillParameters
from engine.responses import Response
from serving.answers import Reading
from serving.kept import KeptBeliefs

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
SKILLS = ("a", "b", "c")
ITEMS = {"q1": ("a",), "q2": ("a", "b"), "q3": ("c",)}
NONE = SkillParameters(*[0.0] * 5)
KNOWN = SkillEstimate(SkillParameters(0.3, 0.2, 0.05, 0.2, 0.1), NONE, np.zeros((5, 5)))
BUNDLE = versioned(Bundle("classic", {}, KNOWN))


def events() -> Any:
    """Ever the same content under the same id, as an honest sender delivers."""
    return st.integers(0, 39).map(event)


def event(number: int) -> NewEvent:
    named = (SKILLS[number % 3],) if number % 2 else None
    return NewEvent(
        f"e{number}",
        "ana" if number % 5 else "ben",
        skills=named,
        item=None if named else f"q{number % 3 + 1}",
        correct=number % 4 / 3,
        occurred_at=NOW - timedelta(minutes=number * 7 % 13),
        voids=f"e{(number + 10) % 40}" if number % 8 == 3 else None,
    )


def expected(sent: dict[str, NewEvent], skills: set[str], items: set[str], student: str) -> Any:
    """The slow way: everything that counts of what was sent, in the order in which it counts."""
    taken_back = {one.voids for one in sent.values() if one.student == student}
    counting = []
    for one in sent.values():
        named = one.skills or (ITEMS[str(one.item)] if one.item in items else None)
        known = named is not None and set(named) <= skills
        if known and one.student == student and one.id not in taken_back:
            at = one.occurred_at
            assert named is not None
            assert at is not None
            assert one.correct is not None
            counting.append(Response(one.id, student, tuple(sorted(named)), one.correct, at))
    counting.sort(key=lambda response: (response.occurred_at, response.id))
    return {key: (b.n, b.p_mastery) for key, b in student_beliefs(counting, BUNDLE).items() if b.n}


class Workers(RuleBasedStateMachine):
    """Two workers, told things in any order, asked in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{self.folder.name}/school.db"
        self.workers = [(Store.open(url), KeptBeliefs()) for _ in range(2)]
        self.sent: dict[str, NewEvent] = {}
        self.skills: set[str] = set()
        self.items: set[str] = set()

    @rule(worker=st.integers(0, 1), batch=st.lists(events(), min_size=1, max_size=6))
    def send(self, worker: int, batch: list[NewEvent]) -> None:
        for outcome in self.workers[worker][0].append("t", batch, NOW):
            assert outcome.status in ("accepted", "duplicate")
        for one in batch:
            self.sent[one.id] = one

    @rule(worker=st.integers(0, 1), skill=st.sampled_from(SKILLS))
    def make_known(self, worker: int, skill: str) -> None:
        self.workers[worker][0].put("t", "skills", skill, {}, now=NOW)
        self.skills.add(skill)

    @rule(worker=st.integers(0, 1), item=st.sampled_from(list(ITEMS)))
    def put_item(self, worker: int, item: str) -> None:
        if set(ITEMS[item]) <= self.skills:
            body = {"skills": list(ITEMS[item])}
            self.workers[worker][0].put("t", "items", item, body, now=NOW)
            self.items.add(item)

    @invariant()
    def both_believe_what_the_log_says(self) -> None:
        for student in ("ana", "ben"):
            right = expected(self.sent, self.skills, self.items, student)
            for store, kept in self.workers:
                believed = Reading(store, BUNDLE, "t", NOW, kept=kept).beliefs(student)
                found = {key: (b.n, b.p_mastery) for key, b in believed.items() if b.n}
                assert found.keys() == right.keys()
                for skill, (n, mastery) in right.items():
                    assert found[skill] == (n, pytest.approx(mastery, abs=1e-12))

    def teardown(self) -> None:
        for store, _ in self.workers:
            store.close()
        self.folder.cleanup()


Workers.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestWorkers = Workers.TestCase
