"""Events taken back and put right, whatever the order in which they arrive."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from data.store import NewEvent

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
WRONG = NewEvent("e1", "ana", ("a",), correct=0, occurred_at=NOW - timedelta(hours=2))
OTHER = NewEvent("e2", "ana", ("a",), correct=1, occurred_at=NOW - timedelta(hours=1))
VOID = NewEvent("v1", "ana", voids="e1")
RIGHT = NewEvent("e1-right", "ana", ("a",), correct=1, occurred_at=WRONG.occurred_at, voids="e1")


@pytest.fixture
def school(store):
    store.put("t", "skills", "a", {}, now=NOW)
    return store


def counting(store, student="ana", **options):
    return [(r.id, r.correct) for r in store.responses("t", [student], **options)[student]]


def test_what_is_taken_back_no_longer_counts_neither_for_beliefs_nor_for_training(school):
    school.append("t", [WRONG, OTHER], NOW)
    assert counting(school) == [("e1", 0), ("e2", 1)]
    assert school.append("t", [VOID], NOW)[0].status == "accepted"
    assert counting(school) == [("e2", 1)]
    assert school.all_responses_frame("t")["event"].tolist() == ["e2"]


def test_a_correction_counts_in_the_place_of_what_it_corrects(school):
    school.append("t", [WRONG, OTHER, RIGHT], NOW)
    assert counting(school) == [("e1-right", 1), ("e2", 1)]


def test_a_correction_can_be_corrected(school):
    again = NewEvent("e1-third", "ana", ("a",), correct=0.5, occurred_at=NOW, voids="e1-right")
    school.append("t", [WRONG, RIGHT, again], NOW)
    assert counting(school) == [("e1-third", 0.5)]


@pytest.mark.parametrize("order", list(permutations([WRONG, OTHER, RIGHT, VOID])))
def test_the_order_of_arrival_makes_no_difference(school, order):
    for event in order:
        school.append("t", [event], NOW)
    assert counting(school) == [("e1-right", 1), ("e2", 1)]


def test_one_that_takes_back_what_never_came_waits_for_it(school):
    (outcome,) = school.append("t", [VOID], NOW)
    assert (outcome.status, outcome.unmapped) == ("accepted", True)
    school.append("t", [WRONG], NOW)
    assert counting(school) == []


def test_an_event_of_another_student_cannot_be_taken_back(school):
    school.append("t", [WRONG], NOW)
    (outcome,) = school.append("t", [NewEvent("v1", "ben", voids="e1")], NOW)
    assert outcome.status == "rejected"
    assert "same student" in outcome.reason
    assert counting(school) == [("e1", 0)]


def test_nor_one_that_comes_after(school):
    school.append("t", [NewEvent("v1", "ben", voids="e1"), WRONG], NOW)
    assert counting(school) == [("e1", 0)]
    assert school.all_responses_frame("t")["event"].tolist() == ["e1"]


def test_a_retraction_holds_for_the_past_too(school):
    school.append("t", [WRONG, OTHER], NOW)
    school.append("t", [RIGHT, VOID], NOW + timedelta(days=1))
    assert counting(school, as_of=NOW - timedelta(hours=2)) == [("e1-right", 1)]


def test_one_from_the_far_future_takes_nothing_back_yet(school):
    later = NewEvent("v1", "ana", voids="e1", occurred_at=NOW + timedelta(days=3))
    assert school.append("t", [WRONG, later], NOW)[1].status == "quarantined"
    assert counting(school) == [("e1", 0)]


def test_the_same_retraction_again_is_a_duplicate_and_another_a_conflict(school):
    school.append("t", [WRONG, OTHER, VOID], NOW)
    again = [VOID, NewEvent("v1", "ana", voids="e2")]
    outcomes = school.append("t", again, NOW + timedelta(hours=1))
    assert [outcome.status for outcome in outcomes] == ["duplicate", "conflict"]
