"""Strengths of prerequisites from a school's log: a real edge, an unreal one, little data."""

import numpy as np
import pandas as pd
import pytest

from engine.curriculum import Curriculum, Skill
from models import edges
from models.edges import learn_course, learn_edges, strengths_of
from models.prerequisites import LISTED_PRIOR, STRENGTHS, Edge, posterior

COURSE = Curriculum.of(
    skills=[
        Skill("add"),
        Skill("times", prerequisites=("add",)),
        Skill("colour", prerequisites=("add",)),
        Skill("sums", prerequisites=("never asked",)),
        Skill("never asked"),
    ]
)


def school(students, *, seed=0, tires=0.0):
    """Adding is hard; times is learnt hardly without it, colour as well as with it."""
    rng = np.random.default_rng(seed)
    rows = []
    for student in range(students):
        holds = dict.fromkeys(("add", "times", "colour", "sums"), False)
        before, row = None, 0
        for n in range(rng.integers(12, 30)):
            skill = before if tires and before and rng.random() < 0.6 else rng.choice(list(holds))
            row = row + 1 if skill == before else 0
            before = skill
            correct = float(rng.random() < (0.92 if holds[skill] else 0.15))
            rows.append({"student": f"s{student}", "skill": skill, "correct": correct, "order": n})
            speed = 0.05 if skill == "times" and not holds["add"] else 1.0
            rate = 0.12 if skill == "add" else 0.25
            holds[skill] |= rng.random() < rate * speed * np.exp(-tires * row)
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def learnt():
    return {(one.skill, one.needs): one for one in learn_edges(school(1200), COURSE)}


def test_edges_are_those_whose_two_skills_were_answered(learnt):
    assert set(learnt) == {("times", "add"), ("colour", "add")}


def test_a_real_prerequisite_is_found_strong_and_an_unreal_one_contradicted(learnt):
    real, unreal = learnt["times", "add"], learnt["colour", "add"]
    assert real.found.strength > 0.75
    assert not real.contradicted
    assert unreal.found.strength < 0.2
    assert unreal.contradicted


def test_decisions_get_the_strengths_that_the_log_speaks_for(learnt):
    found = strengths_of(learnt.values())
    assert found["times"]["add"] == learnt["times", "add"].found.strength


def test_few_answers_leave_an_edge_near_the_curriculum_and_out_of_decisions():
    some = learn_edges(school(2), COURSE)
    assert all(one.found.strength > 0.3 for one in some)
    assert strengths_of(some) == {}
    assert not any(one.contradicted for one in some)


def test_the_order_of_rows_does_not_matter():
    events = school(30)
    shuffled = events.sample(frac=1.0, random_state=1)
    for one, other in zip(learn_edges(events, COURSE), learn_edges(shuffled, COURSE), strict=True):
        assert tuple(one.found) == pytest.approx(tuple(other.found))


def test_beyond_what_can_be_weighed_fewer_students_are(monkeypatch):
    events = school(30)
    every_second = events["student"].str[1:].astype(int) % 2 == 0
    expected = learn_edges(events[every_second], COURSE)
    kept = events["skill"] != "sums"
    monkeypatch.setattr(edges, "MOST_CELLS", int(kept.sum() * 3 / 2) + 1)
    for one, other in zip(learn_edges(events, COURSE), expected, strict=True):
        assert tuple(one.found) == pytest.approx(tuple(other.found))


def test_no_edge_is_learnt_of_a_course_without_any():
    bare = Curriculum.of(skills=[Skill("add"), Skill("times")])
    assert learn_edges(school(3), bare) == ()


def test_the_unknown_rate_is_integrated_out():
    rng = np.random.default_rng(3)
    missing, lifted, rate = rng.random(20), rng.random(20) * 0.3, rng.random(20) * 0.3
    factors = np.exp(np.linspace(-12, 8, 20_001))  # even in log λ, as the prior 1 / λ asks
    slow = []
    for strength, prior in zip(STRENGTHS, LISTED_PRIOR, strict=True):
        left = 1 - strength * missing
        learnt = np.prod(left**lifted) * factors ** lifted.sum()
        slow.append(prior * (learnt * np.exp(-factors * (rate @ left))).sum())
    found = posterior(missing, lifted, rate)
    assert found == pytest.approx(np.array(slow) / sum(slow), rel=1e-6)


def test_an_edge_has_the_mean_and_the_spread_of_its_posterior(learnt):
    none = np.zeros(0)
    found = posterior(none, none, none)
    assert found == pytest.approx(LISTED_PRIOR / LISTED_PRIOR.sum())
    edge: Edge = learnt["times", "add"].found
    assert 0 < edge.spread < np.sqrt(found @ STRENGTHS**2 - (found @ STRENGTHS) ** 2)


def test_a_log_in_which_skills_tire_says_so_and_another_does_not():
    assert learn_course(school(800, tires=0.6), COURSE).tiring.rate > 0.15
    assert learn_course(school(800), COURSE).tiring.rate == 0.0
