"""One student's skills together: against the filter, with all that a belief needs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from engine.joint import joint, trail_intervals
from engine.responses import Response
from engine.touches import COMBININGS

from .test_hierarchy import hierarchy

START = datetime(2026, 9, 1, tzinfo=UTC)


def answers(*given):
    return [
        Response(str(n), "ana", tuple(skill.split("~~")), float(y), START + timedelta(hours=n))
        for n, (skill, y) in enumerate(given)
    ]


def test_without_answers_every_skill_is_at_its_prior():
    found = joint([], hierarchy(), ["a", "b", "new"])
    assert ((found.mastery > 0.0) & (found.mastery < 1.0)).all()
    assert ((found.low <= found.mastery) & (found.mastery <= found.high)).all()
    assert len(found.trail) == 0


def test_the_last_trail_of_the_last_skill_is_its_mastery():
    found = joint(answers(("a", 1), ("b", 0), ("a~~b", 1)), hierarchy(), ["a", "b", "a~~b"])
    assert found.mastery[2] == pytest.approx(found.trail[-1], abs=1e-12)


def test_what_is_expected_next_is_what_one_more_answer_would_have_been_given():
    given = answers(("a", 1), ("b", 0), ("a", 1))
    expected = joint(given, hierarchy(), ["a", "b"]).p_correct
    for skill, p in zip(["a", "b"], expected, strict=True):
        longer = joint([*given, *answers(*[(skill, 1)] * 4)[3:]], hierarchy(), ["a", "b"])
        assert longer.predicted[-1] == pytest.approx(p, abs=1e-12)


def test_intervals_of_the_trail_end_where_those_of_the_belief_are():
    given = answers(("a", 1), ("b", 0), ("a", 1))
    low, high = trail_intervals(given, hierarchy(), ["a", "b"])
    found = joint(given, hierarchy(), ["a", "b"])
    assert min(low[-1], found.mastery[0]) == pytest.approx(found.low[0], abs=1e-12)
    assert max(high[-1], found.mastery[0]) == pytest.approx(found.high[0], abs=1e-12)
    assert np.isfinite(low).all()


MIXED = [COMBININGS[name] for name in ("shared", "compensatory", "conjunctive")]


@pytest.mark.parametrize("combining", MIXED)
def test_an_answer_to_a_combination_moves_its_single_skills(combining):
    model = hierarchy(combining=combining)
    level = model.loadings * 0.0  # without ability nothing else carries over
    model = replace(model, loadings=level)
    apart = replace(model, combining=COMBININGS["apart"])
    skills, given = ["a", "b", "a~~b"], answers(("a~~b", 1))
    before, after = joint([], model, skills).mastery, joint(given, model, skills).mastery
    moved = model.skill[0, 2, 4] > model.skill[0, 2, 3]  # right is likelier once mastered
    assert ((after > before)[:2] == moved).all()
    assert joint(given, apart, skills).mastery[:2] == pytest.approx(before[:2])


@pytest.mark.parametrize("combining", MIXED)
def test_what_is_expected_next_holds_for_combinations_too(combining):
    model, skills = hierarchy(combining=combining), ["a", "b", "a~~b"]
    given = answers(("a", 1), ("a~~b", 0), ("a", 1))
    expected = joint(given, model, skills).p_correct
    for skill, p in zip(skills, expected, strict=True):
        longer = joint([*given, *answers(*[(skill, 1)] * 4)[3:]], model, skills)
        assert longer.predicted[-1] == pytest.approx(p, abs=1e-12)


@pytest.mark.parametrize("combining", MIXED)
def test_the_last_trail_of_each_touch_is_where_its_skill_stands(combining):
    model, skills = hierarchy(combining=combining), ["a", "b", "a~~b"]
    given = answers(("a", 1), ("b", 0), ("a~~b", 1))
    found = joint(given, model, skills)
    assert found.touches.skill.tolist() == [0, 1, 2, 0, 1]
    assert found.mastery[[2, 0, 1]] == pytest.approx(found.trail[-3:], abs=1e-12)
    low, high = trail_intervals(given, model, skills)
    assert (np.minimum(low, found.trail) <= found.trail).all()
    assert found.low[[2, 0, 1]] == pytest.approx(np.minimum(low, found.trail)[-3:], abs=1e-12)
    assert found.high[[2, 0, 1]] == pytest.approx(np.maximum(high, found.trail)[-3:], abs=1e-12)
