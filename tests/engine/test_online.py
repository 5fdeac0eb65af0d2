"""Followed one by one, as an array or in any split: the belief of the whole history."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from engine.beliefs import student_beliefs
from engine.bundle import Bundle, versioned
from engine.contexts import (
    GAP_CLASSES,
    LAG,
    LAG_CLASSES,
    RECORD_CLASSES,
    TIME,
    Contexts,
    joined_key,
    pair_key,
)
from engine.errors import InvalidInput
from engine.online import Following
from engine.parameters import Emission, SkillEstimate, SkillParameters
from engine.responses import Response
from engine.tables import classic_indexed, classic_tables
from engine.tracing import trace

SKILLS, ITEMS, ACTIVITIES = ("ratio", "slope", "C++"), ("i1", "i2", "i3"), ("video", "quiz")
KINDS = {
    "classic": Contexts(),
    "items": Contexts(items=True),
    "resources": Contexts(resources=True),
    "order": Contexts(order=True),
    "priors": Contexts(priors=True),
    "gaps by the clock": Contexts(gaps=TIME),
    "gaps by lag": Contexts(gaps=LAG),
    "everything": Contexts(items=True, resources=True, order=True, priors=True, gaps=TIME),
}


def estimate(contexts, rng):
    """A skill with a row of its own for most of what it may meet."""
    parameters = SkillParameters(*rng.uniform(0.05, 0.4, 5))
    learns = [a for a in ACTIVITIES if contexts.resources and not contexts.order]
    pairs = [pair_key(a, b) for a in ITEMS for b in ITEMS if contexts.order]
    if contexts.resources and contexts.order:
        pairs = [joined_key(a, pair) for a in ACTIVITIES for pair in pairs]
    gaps = {TIME: GAP_CLASSES, LAG: LAG_CLASSES, "": ()}[contexts.gaps]
    records = RECORD_CLASSES if contexts.priors else ()
    items = ITEMS[:2] if contexts.items else ()

    def rates(keys):
        return {key: float(rng.uniform(0.05, 0.4)) for key in keys}

    return SkillEstimate(
        parameters,
        SkillParameters(*[0.1] * 5),
        np.diag(rng.uniform(0.0, 0.3, 5)),
        items={item: Emission(*rng.uniform(0.05, 0.4, 2).tolist()) for item in items},
        priors=rates(records),
        learns=rates([*learns, *pairs]),
        forgets=rates(gaps),
    )


def model(contexts):
    rng = np.random.default_rng(5)
    skills = {skill: estimate(contexts, rng) for skill in SKILLS[:2]}
    pooled = replace(estimate(contexts, rng), flags=("pooled",))
    return versioned(Bundle("some", skills, pooled, contexts=contexts))


def history(responses=80, seed=2):
    rng = np.random.default_rng(seed)
    at, found = datetime(2026, 9, 1, 8, tzinfo=UTC), []
    for number in range(responses):
        at += timedelta(seconds=float(10 ** rng.uniform(0, 6)))
        found.append(
            Response(
                f"e{number:04}",
                "ana",
                (str(rng.choice(SKILLS)),),
                float(rng.choice([0.0, 0.5, 1.0], p=[0.3, 0.1, 0.6])),
                at,
                str(rng.choice(ITEMS)),
                str(rng.choice(ACTIVITIES)),
            )
        )
    return found


def assert_same(one, other):
    assert {k: v for k, v in asdict(one).items() if not isinstance(v, float)} == {
        k: v for k, v in asdict(other).items() if not isinstance(v, float)
    }
    for name, value in asdict(one).items():
        if isinstance(value, float):
            assert value == pytest.approx(getattr(other, name), abs=1e-12), name


def one_by_one(student, responses):
    for response in responses:
        student = student.after(response)
    return student


def as_an_array(student, responses):
    return student.after_all(responses)


def in_pieces(student, responses):
    for first, last in [(0, 1), (1, 1), (1, 30), (30, 31), (31, 80)]:
        student = student.after_all(responses[first:last])
    return student


def by_turns(student, responses):
    for first in range(0, len(responses), 7):
        student = student.after(responses[first]).after_all(responses[first + 1 : first + 7])
    return student


@pytest.mark.parametrize("way", [one_by_one, as_an_array, in_pieces, by_turns])
@pytest.mark.parametrize("contexts", KINDS.values(), ids=KINDS)
def test_every_way_leads_to_the_belief_of_the_whole_history(contexts, way):
    bundle, responses = model(contexts), history()
    student = way(Following(bundle), responses)
    for skill, expected in student_beliefs(responses, bundle, [*SKILLS, "never seen"]).items():
        assert_same(student.belief(skill), expected)


@pytest.mark.parametrize("contexts", KINDS.values(), ids=KINDS)
def test_the_belief_is_that_of_the_history_after_every_response(contexts):
    bundle, responses = model(contexts), history(25)
    student = Following(bundle)
    for number, response in enumerate(responses):
        student = student.after(response)
        skill = response.skill
        expected = student_beliefs(responses[: number + 1], bundle)[skill]
        assert_same(student.belief(skill), expected)


def test_what_is_expected_of_a_response_is_what_the_trace_says():
    bundle, responses = model(Contexts()), history()
    student, expected = Following(bundle), []
    for response in responses:
        if response.skill == "ratio":
            expected.append((student.expected(response), response.correct))
        student = student.after(response)
    found, correct = np.array(expected).T
    one = classic_indexed(np.array([0, len(correct)]), np.array([0]), correct)
    tables = classic_tables(np.array([bundle.skills["ratio"].parameters]))
    np.testing.assert_allclose(found, trace(one, tables).p_correct, atol=1e-12)


def test_a_response_that_comes_too_late_is_refused_by_name():
    first, second, *_ = history()
    student = Following(model(Contexts())).after(second)
    for late in (first, second):
        with pytest.raises(InvalidInput, match=f"{late.id} at .*expected a response after e0001"):
            student.after(late)
    with pytest.raises(InvalidInput, match="e0000"):
        student.after_all([first])


def test_an_update_leaves_the_state_before_it_alone():
    first, *rest = history()
    before = Following(model(Contexts())).after(first)
    kept = before.belief(first.skill)
    before.after_all(rest)
    assert before.belief(first.skill) == kept
