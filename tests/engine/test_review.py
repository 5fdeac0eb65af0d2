"""What is reviewed when: the bar, deadlines, the cap of a day, and that nothing earned is lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.beliefs import student_beliefs
from engine.bundle import Bundle
from engine.chance import Chance
from engine.contexts import Contexts
from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.goals import Goal
from engine.parameters import SkillEstimate, SkillParameters
from engine.policy import recommend
from engine.requests import Request
from engine.responses import Response
from engine.review import REVIEWS_A_DAY, pulled, reviewed_lately

TERM = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PARAMETERS = SkillParameters(prior=0.3, learn=0.2, forget=0.0, guess=0.2, slip=0.1)
NAMES = tuple("abcdefgh")
COURSE = Curriculum.of(
    skills=[*(Skill(name) for name in NAMES), Skill("next", prerequisites=("a",))],
    items=[Item(f"{name}1", (name,)) for name in (*NAMES, "next")],
    activities=[Activity(f"{n}-x", (n,), items=(f"{n}1",)) for n in (*NAMES, "next")],
)


def model(month=0.5):
    forgets = {"minute": 0.0, "ten minutes": 0.0, "hour": 0.0, "day": 0.0, "week": 0.0}
    estimate = SkillEstimate(
        PARAMETERS,
        SkillParameters(*[0.01] * 5),
        np.zeros((5, 5)),
        forgets=forgets | {"month": month, "longer": 0.6},
    )
    skills = dict.fromkeys(COURSE.skills, estimate)
    return Bundle("classic", skills, estimate, contexts=Contexts(gaps="time"), version="v1")


def mastered(names, start=TERM):
    return [
        Response(f"{name}{n}", "ana", (name,), 1.0, start + timedelta(seconds=30 * n))
        for name in names
        for n in range(5)
    ]


def decide(history, now, bundle=None, goals=(), **request):
    bundle = bundle or model()
    return recommend(
        COURSE,
        student_beliefs(history, bundle, COURSE.skills, at=now),
        history=history,
        bundle=bundle,
        request=Request(**request),
        chance=Chance("ana", 0),
        goals=goals,
        now=now,
    )


def reviewed(found):
    return {c.skill for c in found.candidates if c.purpose == "review"}


def codes(found):
    return {reason.code for reason in found.reasons}


def test_what_has_faded_comes_first_and_what_builds_on_it_stays_open():
    history = mastered("ab")
    fresh = decide(history, TERM + DAY)
    assert reviewed(fresh) == set()
    found = decide(history, TERM + 8 * DAY)
    assert reviewed(found) == {"a", "b"}
    assert found.candidates[0].purpose == "review"
    assert "next" not in {blocked.skill for blocked in found.blocked}


def test_a_faded_skill_promises_the_gain_that_was_lost():
    found = decide(mastered("a"), TERM + 8 * DAY)
    assert found.candidates[0].expected_gain > 0.05


def test_no_more_is_reviewed_in_a_day_than_fits():
    now = TERM + 8 * DAY
    found = decide(mastered(NAMES), now, n=10)
    assert len(reviewed(found)) == REVIEWS_A_DAY
    assert "daily_cap" in codes(found)
    done = [
        Response(f"{name}r{n}", "ana", (name,), 1.0, now + n * timedelta(minutes=1))
        for name in NAMES[:REVIEWS_A_DAY]
        for n in range(3)
    ]
    later = now + timedelta(hours=1)
    full = decide([*mastered(NAMES), *done], later, n=10)
    assert reviewed(full) == set()
    assert "daily_cap" in codes(full)
    tomorrow = decide([*mastered(NAMES), *done], later + DAY, n=10)
    assert len(reviewed(tomorrow)) == len(NAMES) - REVIEWS_A_DAY


def test_a_full_day_with_nothing_else_to_do_is_not_called_complete():
    now = TERM + 8 * DAY
    done = [
        Response(f"r{n}", "ana", (name,), 1.0, now) for n, name in enumerate(NAMES[:REVIEWS_A_DAY])
    ]
    history = [*mastered((*NAMES, "next")), *done]
    found = decide(history, now + timedelta(hours=1))
    assert (found.status, codes(found)) == ("review_later", {"daily_cap"})


def test_whoever_asks_for_reviews_gets_as_many_as_they_want():
    found = decide(mastered(NAMES), TERM + 8 * DAY, intent="review", n=10)
    assert len(reviewed(found)) == REVIEWS_A_DAY  # a slate of ten holds five skills
    assert "daily_cap" not in codes(found)


def test_all_secure_waits_for_the_next_review_by_its_date():
    found = decide(mastered((*NAMES, "next")), TERM + DAY)
    assert found.status == "review_later"
    assert "2026-09-08" in found.reasons[-1].text


@pytest.mark.parametrize(
    ("day", "deadline", "comes"), [(5, 9, True), (3, 9, False), (5, 20, False), (5, 6, False)]
)
def test_a_deadline_moves_a_review_into_the_week_before_it(day, deadline, comes):
    """The skill would be due on day 7, half way to that is 3.5 days; a goal met by then asks for
    nothing more."""
    goal = Goal("g", skill="a", student="ana", deadline=TERM + deadline * DAY)
    found = decide(mastered((*NAMES, "next")), TERM + day * DAY, goals=[goal])
    assert reviewed(found) == ({"a"} if comes else set())
    reasons = {reason.code for c in found.candidates for reason in c.reasons}
    assert ("review_ahead" in reasons) is comes


def test_a_deadline_that_has_passed_moves_nothing():
    history = mastered((*NAMES, "next"))
    goal = Goal("g", skill="a", student="ana", deadline=TERM)
    assert reviewed(decide(history, TERM + 5 * DAY, goals=[goal])) == set()


def test_coming_back_to_what_is_still_learnt_is_no_review():
    history = [
        Response("x", "ana", ("a",), 0.0, TERM),
        Response("y", "ana", ("a",), 0.0, TERM + 2 * DAY),
    ]
    now = TERM + 2 * DAY
    beliefs = student_beliefs(history, model(), COURSE.skills, at=now)
    assert reviewed_lately(history, beliefs, now) == frozenset()


@given(st.floats(0.01, 60), st.floats(0, 90), st.floats(0, 90))
def test_a_deadline_never_postpones_and_never_pulls_past_half_way(due, deadline, now):
    one = student_beliefs(mastered("a"), model(), ["a"])["a"]
    last = one.last_at
    belief = replace(one, review_due=last + due * DAY)
    found = pulled(belief, last + deadline * DAY, last + now * DAY)
    assert last + due * DAY / 2 - timedelta(seconds=1) <= found <= belief.review_due
