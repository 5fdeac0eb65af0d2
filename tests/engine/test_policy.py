"""A recommendation as a whole: laws that hold whatever the student, the request and the chance."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from math import exp, fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.beliefs import student_beliefs
from engine.chance import Chance
from engine.curriculum import Curriculum
from engine.explanation import Code
from engine.policy import recommend
from engine.requests import INTENTS, Request
from engine.responses import Response
from engine.verdict import STATUSES

SKILLS = ("fraction", "ratio", "percent", "slope", "rate")
ANSWERS = st.dictionaries(st.sampled_from(SKILLS), st.text("01", max_size=12))
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "intent": st.sampled_from(INTENTS),
        "n": st.integers(1, 10),
        "objective": st.sampled_from(["rates", "basics", "empty"]),
        "goal": st.sampled_from(SKILLS),
        "minutes": st.floats(0, 60),
        "modality": st.lists(st.sampled_from(["video", "exercise", "quiz", "workshop"])).map(tuple),
        "exclude": st.lists(st.sampled_from([f"{s}-practice" for s in SKILLS])).map(tuple),
        "teacher_available": st.booleans(),
    },
)


@given(ANSWERS, REQUESTS, st.integers(0, 10**6))
@settings(max_examples=120, deadline=None)
def test_the_laws_of_a_recommendation(decide, course, answers, asked, decision):
    found = decide(answers, decision=decision, **asked)
    offered = [course.activities[c.activity] for c in found.candidates]
    blocked = {b.skill for b in found.blocked}

    assert found.status in STATUSES
    assert found.candidates or found.reasons
    assert len(found.candidates) <= asked.get("n", 6)
    assert [c.rank for c in found.candidates] == list(range(1, len(offered) + 1))
    assert not {a.id for a in offered} & set(asked.get("exclude", ()))
    assert not blocked & {skill for a in offered for skill in a.skills}
    assert all(a.minutes <= asked.get("minutes", 60) for a in offered)
    assert all(a.modality in asked["modality"] for a in offered if asked.get("modality"))
    assert asked.get("teacher_available") or not any(a.teacher_led for a in offered)
    if offered:
        assert sum(c.propensity for c in found.candidates) == pytest.approx(1.0)
    for candidate in found.candidates:
        assert candidate.score == pytest.approx(exp(fsum(r.weight for r in candidate.reasons)))
        assert len(candidate.reasons) >= 2
        assert 0.0 < candidate.p_correct < 1.0
        assert 0.0 <= candidate.expected_gain <= 1.0
        assert candidate.would_change
    reasons = [*found.reasons, *(r for c in found.candidates for r in c.reasons)]
    assert all(Code(reason.code) and reason.text for reason in reasons)


@given(ANSWERS, REQUESTS, st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_the_same_inputs_give_the_same_answer(decide, answers, asked, decision):
    assert decide(answers, decision=decision, **asked) == decide(
        answers, decision=decision, **asked
    )


@given(ANSWERS, REQUESTS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_catalogue_changes_nothing(decide, course, answers, asked, shuffler):
    activities = list(course.activities.values())
    shuffler.shuffle(activities)
    shuffled = Curriculum.of(
        skills=course.skills.values(),
        objectives=course.objectives.values(),
        items=course.items.values(),
        activities=activities,
    )
    before, after = decide(answers, **asked), decide(answers, curriculum=shuffled, **asked)
    assert before.candidates == after.candidates
    assert before.status == after.status


def learn_with(course, bundle, *, p_right, steps, seed=0):
    """Follows the first candidate, answering its questions, until there is nothing more to do."""
    rng, at = random.Random(seed), datetime(2026, 9, 1, tzinfo=UTC)
    history: list[Response] = []
    statuses = []
    for step in range(steps):
        beliefs = student_beliefs(history, bundle, course.skills)
        chance = Chance("ana", step)
        found = recommend(
            course, beliefs, history=history, bundle=bundle, request=Request(), chance=chance
        )
        statuses.append(found.status)
        if found.status not in ("ok", "needs_teacher"):
            break
        activity = course.activities[found.candidates[0].activity]
        for item in activity.items:
            at += timedelta(minutes=1)
            right = float(rng.random() < p_right)
            skills = course.items[item].skills
            answer = Response(f"e{len(history):05}", "ana", skills, right, at, item, activity.id)
            history.append(answer)
    return statuses, history


def test_a_student_who_is_always_right_completes_the_course_in_bounded_steps(course, bundle):
    statuses, history = learn_with(course, bundle, p_right=1.0, steps=40)
    assert statuses[-1] == "complete"
    assert len(history) <= 6 * len(course.skills)


def test_a_student_who_is_always_wrong_is_brought_to_a_teacher(course, bundle):
    statuses, history = learn_with(course, bundle, p_right=0.0, steps=30)
    assert statuses[-1] == "needs_teacher"
    assert {response.skill for response in history} == {"fraction"}


def test_no_activity_comes_twice_in_a_row_while_the_skill_leaves_a_choice(course, bundle):
    _, history = learn_with(course, bundle, p_right=0.6, steps=40, seed=3)
    rounds = [r.activity for r in history[::2]]  # every activity here asks two questions
    assert len(rounds) > 10
    assert all(before != after for before, after in itertools.pairwise(rounds))


def test_blocked_skills_say_what_they_wait_for_and_how_far_it_is(decide):
    blocked = {b.skill: b for b in decide({}).blocked}
    assert blocked["ratio"].waits_for == "fraction"
    assert blocked["ratio"].p_mastery == pytest.approx(0.3)
    assert "fraction" in blocked["ratio"].text


def test_a_goal_draws_the_choice_towards_itself(decide):
    known = {"fraction": "1111"}
    assert decide(known, goal="percent").candidates[0].skill == "percent"
    assert decide(known, goal="slope").candidates[0].skill == "ratio"


def test_skills_that_the_curriculum_no_longer_has_are_ignored(decide):
    assert decide({"latin": "111", "fraction~~latin": "11"}).status == "ok"


def test_the_policy_and_its_version_are_part_of_the_decision(decide):
    assert decide({}).policy == "careful-2"
