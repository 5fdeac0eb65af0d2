"""Forgetting by the clock, against the filter run by hand, and the date a review is due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from engine.beliefs import student_beliefs
from engine.bundle import Bundle
from engine.contexts import GAP_CLASSES, Contexts
from engine.online import Following
from engine.parameters import SkillEstimate, SkillParameters
from engine.responses import Response
from engine.tracing import condition, log_odds_of, p_correct, predict, probability

TERM = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
PARAMETERS = SkillParameters(prior=0.3, learn=0.2, forget=0.01, guess=0.2, slip=0.1)
FORGETS = dict(zip(GAP_CLASSES, (0.0, 0.0, 0.01, 0.02, 0.15, 0.4, 0.6), strict=True))
CLOCK = Contexts(gaps="time")


@pytest.fixture(scope="module")
def bundle():
    estimate = SkillEstimate(
        PARAMETERS, SkillParameters(*[0.01] * 5), np.zeros((5, 5)), forgets=FORGETS
    )
    return Bundle("classic", {"ratio": estimate}, estimate, contexts=CLOCK, version="v1")


def answers(marks):
    return [
        Response(f"e{n}", "ana", ("ratio",), float(mark), TERM + timedelta(seconds=30 * n))
        for n, mark in enumerate(marks)
    ]


def believed(bundle, marks, days=0.0, **parts):
    given = answers(marks)
    at = given[-1].occurred_at + timedelta(days=days) if given else TERM
    return student_beliefs(given, replace(bundle, **parts), ["ratio"], at=at)["ratio"]


@pytest.mark.parametrize(
    ("days", "gap"), [(0, "minute"), (0.02, "hour"), (3, "week"), (20, "month"), (400, "longer")]
)
def test_what_is_left_is_what_the_filter_would_begin_the_next_answer_with(bundle, days, gap):
    found = believed(bundle, "11111", days)
    then = predict(log_odds_of(found.p_mastery), PARAMETERS.learn, FORGETS[gap])
    assert found.p_now == pytest.approx(probability(then), abs=1e-12)


def test_the_next_answer_is_predicted_from_what_is_left(bundle):
    before = believed(bundle, "11111", days=3)
    given = answers("11111")
    given.append(given[-1]._replace(id="z", occurred_at=given[-1].occurred_at + timedelta(days=3)))
    right = p_correct(log_odds_of(before.p_now), PARAMETERS.guess, PARAMETERS.slip)
    after = student_beliefs(given, bundle, ["ratio"])["ratio"]
    moved = condition(log_odds_of(before.p_now), 1.0, PARAMETERS.guess, PARAMETERS.slip)
    assert 0.0 < right < 1.0
    assert after.p_mastery == pytest.approx(probability(moved), abs=1e-12)


def test_a_review_is_due_when_mastery_will_have_fallen_below_the_bar(bundle):
    found = believed(bundle, "11111")
    assert found.state == "secure"
    assert found.review_due == found.last_at + timedelta(days=1)
    assert believed(bundle, "11111", days=0.9).state == "secure"
    later = believed(bundle, "11111", days=1.1)
    assert (later.state, later.p_mastery) == ("review_due", found.p_mastery)
    assert later.p_now < 0.9


def test_it_is_at_or_above_the_bar_until_then_and_below_it_after(bundle):
    due = believed(bundle, "11111").review_due
    given = answers("11111")
    for seconds in range(0, 40 * 86_400, 5_000):
        at = given[-1].occurred_at + timedelta(seconds=seconds)
        left = student_beliefs(given, bundle, ["ratio"], at=at)["ratio"].p_now
        assert (left >= 0.9) == (at <= due)


def test_answers_earn_a_later_date_back(bundle):
    assert believed(bundle, "11111", days=2).state == "review_due"
    given = answers("11111")
    later = given[-1].occurred_at + timedelta(days=2)
    given += [given[0]._replace(id=id, occurred_at=later) for id in ("f1", "f2")]
    again = student_beliefs(given, bundle, ["ratio"], at=given[-1].occurred_at)["ratio"]
    assert again.state == "secure"
    assert again.review_due > given[-1].occurred_at


def test_a_model_without_a_clock_has_no_date(bundle):
    found = believed(bundle, "11111", days=300, contexts=Contexts())
    assert (found.state, found.review_due, found.p_now) == ("secure", None, None)


def test_a_model_that_does_not_forget_is_never_due(bundle):
    kept = replace(bundle.skills["ratio"], forgets=dict.fromkeys(FORGETS, 0.0))
    found = believed(bundle, "11111", days=300, skills={"ratio": kept})
    assert found.review_due is None


def test_what_was_never_secure_has_no_review(bundle):
    assert believed(bundle, "10").review_due is None
    assert believed(bundle, "").review_due is None


def test_what_has_fallen_by_wrong_answers_is_due_since_then(bundle):
    found = believed(bundle, "111110000")
    assert (found.state, found.review_due) == ("review_due", found.last_at)


def test_followed_online_it_is_the_same(bundle):
    given = answers("11111")
    at = given[-1].occurred_at + timedelta(days=2)
    followed = Following(bundle).after_all(given)
    online = followed.belief("ratio", at=at)
    offline = student_beliefs(given, bundle, at=at)["ratio"]
    assert (online.state, online.review_due) == ("review_due", offline.review_due)
    assert online.p_now == pytest.approx(offline.p_now, abs=1e-12)
