"""Follow-ups of a log: what was believed at the cut, what came after, and what is learnt of it."""

from itertools import pairwise, product

import numpy as np
import pandas as pd
import pytest

from engine.beliefs import student_beliefs
from engine.curriculum import Curriculum, Objective, Skill
from engine.parameters import SkillParameters
from engine.tier_reading import TierReading, log_odds_features
from models.bundles import read_bundle
from models.names import make_bkt
from serving.decisions import tier_reading
from training import follow_ups
from training.follow_ups import FOLLOWED, follow, histories_of, likelihood, tier_facts
from training.retraining import retrain

SKILLS = ("add", "times", "share", "power")
COURSE = Curriculum.of(
    skills=[Skill("add"), *(Skill(skill, prerequisites=("add",)) for skill in SKILLS[1:])],
    objectives=[Objective("all", skills=SKILLS[1:]), Objective("start", skills=("add",))],
)


def school(students=150):
    rng = np.random.default_rng(5)
    held = rng.random((students, 4)) < 0.3
    rows = []
    for n in range(32):
        skill = rng.permuted(np.tile(np.arange(4), (students, 1)), axis=1)[:, 0]
        holds = held[np.arange(students), skill]
        correct = rng.random(students) < np.where(holds, 0.9, 0.2)
        held[np.arange(students), skill] |= rng.random(students) < 0.1
        rows.append(
            pd.DataFrame(
                {
                    "student": [f"s{s}" for s in range(students)],
                    "skill": np.array(SKILLS)[skill],
                    "correct": correct.astype(float),
                    "time": pd.Timestamp("2026-09-01T08:00Z") + pd.Timedelta(n, "min"),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


@pytest.fixture(scope="module")
def events():
    return school()


@pytest.fixture(scope="module")
def judged(events):
    return make_bkt("classic").fit(events).bundle


@pytest.mark.parametrize("p", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("correct", [(1, 0), (0, 0, 1), (1, 1, 0, 1)])
def test_the_likelihood_is_a_sum_over_all_paths(correct, p):
    parameters = SkillParameters(prior=0.5, learn=0.2, forget=0.05, guess=0.25, slip=0.1)
    total = 0.0
    for path in product((0, 1), repeat=len(correct)):
        chance = p if path[0] else 1 - p
        for before, now in pairwise(path):
            up = 0.95 if before else 0.2
            chance *= up if now else 1 - up
        for held, c in zip(path, correct, strict=True):
            right = 0.9 if held else 0.25
            chance *= right if c else 1 - right
        total += chance
    assert likelihood(parameters, np.array(correct, dtype=float), p) == pytest.approx(total)


def test_a_student_is_seen_half_way_and_followed_from_there(events, judged):
    history = next(h for h in histories_of(events) if follow(h, judged, COURSE))
    found = follow(history, judged, COURSE)
    before, after = history[:16], history[16:]
    known = student_beliefs(before, judged, SKILLS)
    asked = [s for s in COURSE.scope("all") if sum(r.skill == s for r in after) >= 2][:3]
    mastery = log_odds_features(np.array([known[s].p_mastery for s in COURSE.scope("all")]))
    place = [COURSE.scope("all").index(skill) for skill in asked]
    assert found.states == pytest.approx(mastery[place])
    assert found.answers == 16
    for row, skill in enumerate(asked):
        answers = [r.correct for r in after if r.skill == skill][:FOLLOWED]
        assert (found.right[row], found.asked[row]) == (sum(answers), len(answers))


def test_what_is_learnt_reads_the_beliefs_of_a_class(events, judged):
    reading = TierReading(**tier_facts(events, judged, COURSE)["tier_reading"])
    assert reading.own > 0
    assert np.isfinite([reading.shift, reading.others, reading.shared, reading.early]).all()


def test_a_retrain_on_a_course_with_objectives_serves_the_reading(
    records, folder, events, monkeypatch
):
    monkeypatch.setattr(follow_ups, "ENOUGH_STUDENTS", 15)  # of 150, a fifth are unseen
    retrain(
        events,
        lambda: make_bkt("classic"),
        records=records,
        model_folder=folder,
        parameters={},
        curriculum=COURSE,
    )
    served = read_bundle(folder)
    assert served.facts["tier_reading"]["by"] in ("mastery", "answers")
    assert isinstance(tier_reading(served), TierReading)
    assert set(served.facts["strengths"]) <= set(SKILLS)


def test_too_few_students_teach_no_reading(events, judged, monkeypatch):
    monkeypatch.setattr(follow_ups, "MOST_STUDENTS", 20)
    assert tier_facts(events, judged, COURSE) == {}


def test_without_times_or_objectives_nothing_is_learnt(events, judged):
    assert tier_facts(events.drop(columns="time"), judged, COURSE) == {}
    assert tier_facts(events, judged, Curriculum.of(skills=[Skill("add")])) == {}
