"""Beliefs are a pure function of what a student answered and of the model."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.beliefs import student_beliefs
from engine.bundle import Bundle, versioned
from engine.parameters import SkillEstimate, SkillParameters
from engine.responses import Response
from engine.tracing import trace_sequence

PARAMETERS = SkillParameters(0.3, 0.15, 0.05, 0.2, 0.1)
UNSURE = SkillEstimate(PARAMETERS, SkillParameters(*[0.05] * 5), np.eye(5) / 10.0)
BUNDLE = versioned(Bundle("classic", {"ratio": UNSURE, "slope": UNSURE}, UNSURE))
START = datetime(2026, 9, 1, 8, tzinfo=UTC)


def answers(*correct, skill="ratio"):
    return [
        Response(f"{skill}{i}", "ana", (skill,), float(y), START + timedelta(minutes=i))
        for i, y in enumerate(correct)
    ]


def belief(*correct):
    return student_beliefs(answers(*correct), BUNDLE)["ratio"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), max_size=12), st.randoms())
def test_arrival_order_and_repetition_change_nothing(correct, random):
    once = answers(*correct) + answers(*correct[::-1], skill="slope")
    arrived = once + once[: len(once) // 2]
    random.shuffle(arrived)
    assert student_beliefs(arrived, BUNDLE, ["ratio"]) == student_beliefs(once, BUNDLE, ["ratio"])


def test_a_belief_is_where_the_filter_ends():
    correct = [1, 0, 1, 1]
    by_hand = trace_sequence(np.array(correct, dtype=float), PARAMETERS)
    assert belief(*correct).p_mastery == pytest.approx(by_hand.p_mastery[-1], abs=1e-12)
    longer = trace_sequence(np.array([*correct, 1.0]), PARAMETERS)
    assert belief(*correct).p_correct == pytest.approx(longer.p_correct[-1], abs=1e-12)


def test_without_answers_a_skill_is_at_its_prior_and_unseen():
    found = student_beliefs([], BUNDLE, ["ratio"])["ratio"]
    assert (found.p_mastery, found.n, found.state, found.evidence) == (0.3, 0, "unseen", "none")
    assert found.low < 0.3 < found.high
    assert found.last_at is None


@pytest.mark.parametrize(
    ("correct", "state"),
    [
        ([1], "not_enough_evidence"),
        ([0, 0, 0], "emerging"),
        ([0, 1, 1], "developing"),
        ([1] * 6, "secure"),
        ([1] * 6 + [0] * 2, "review_due"),
        ([1] * 6 + [0] * 2 + [1], "review_due"),
        ([1] * 6 + [0] * 2 + [1] * 6, "secure"),
    ],
)
def test_a_state_says_where_a_student_stands(correct, state):
    assert belief(*correct).state == state


def test_an_interval_holds_its_estimate():
    for n in range(1, 8):
        found = belief(*[1, 0, 1, 1, 0, 1, 1][:n])
        assert 0.0 <= found.low <= found.p_mastery <= found.high <= 1.0


def test_an_unknown_skill_leans_on_the_average_one_and_says_so():
    found = student_beliefs(answers(1, skill="C++"), BUNDLE)["C++"]
    assert found.pooled
    assert found.model == BUNDLE.version


def test_several_skills_at_once_are_believed_as_one():
    both = Response("e", "ana", ("slope", "ratio"), 1.0, START)
    assert set(student_beliefs([both], BUNDLE)) == {"ratio~~slope"}


def test_before_any_answer_every_student_is_believed_alike_each_skill_by_its_name(bundle):
    first, second = (student_beliefs([], bundle, ["ratio", "new", "newer"]) for _ in range(2))
    assert first == second
    assert [belief.skill for belief in first.values()] == ["ratio", "new", "newer"]
    assert first["new"].pooled
