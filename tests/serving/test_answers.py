"""Answers that pages, JSON and CSV share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.errors import InvalidInput, NotFound
from serving.answers import (
    Reading,
    class_mastery,
    evidence,
    student_mastery,
)


@pytest.fixture
def reading(world, bundle):
    return Reading(world.store, bundle, "north", world.now)


def test_the_last_step_of_the_evidence_is_the_belief(reading, world, answer):
    world.send(*(answer(i, correct=i % 2) for i in range(1, 6)))
    steps = evidence(reading, "ana", "fractions")
    belief = student_mastery(reading, "ana").skills["fractions"]
    assert len(steps) == belief.n == 5
    assert (steps[-1].p_mastery, steps[-1].low) == (belief.p_mastery, belief.low)


def test_mastery_is_named_after_the_model_that_believes_it(reading, bundle):
    mastery = class_mastery(reading, "7b")
    models = {belief.model for one in mastery.students for belief in one.skills.values()}
    assert models == {mastery.model} == {bundle.version}


def test_what_does_not_exist_is_named(reading):
    with pytest.raises(NotFound, match="8c"):
        class_mastery(reading, "8c")
    with pytest.raises(InvalidInput, match="proportion"):
        class_mastery(reading, "7b", objective="geometry")
    with pytest.raises(InvalidInput, match="fractions, ratios"):
        student_mastery(reading, "ana", skills=["algebra"])


def test_a_reading_stays_as_it_was_and_the_next_one_is_new(reading, world, bundle, answer):
    world.send(answer(1))
    before = student_mastery(reading, "ana")
    world.send(answer(2))
    assert student_mastery(reading, "ana") == before
    later = Reading(world.store, bundle, "north", world.now)
    assert student_mastery(later, "ana").skills["fractions"].n == 2


def test_a_reading_as_of_then_is_not_one_of_now(reading, world, answer):
    world.send(answer(1), answer(2, occurred_at="2026-09-10T08:00:00Z"))
    then = datetime(2026, 9, 5, tzinfo=UTC)
    counts = [
        student_mastery(reading, "ana", as_of=at).skills["fractions"].n for at in (None, then)
    ]
    assert counts == [2, 1]


def test_what_only_one_student_practised_together_is_unseen_for_the_others(reading, world, answer):
    world.send(answer(1, skills=["fractions", "ratios"]))
    ana, ben = class_mastery(reading, "7b").students
    assert ana.skills["fractions~~ratios"].n == 1
    assert ben.skills["fractions~~ratios"].state == "unseen"
