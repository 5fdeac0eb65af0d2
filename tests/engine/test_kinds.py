"""A kind's effect on one student: the exact posterior on its grid, used only where it shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp, log

import numpy as np
import pytest

from engine.beliefs import student_beliefs
from engine.chance import Chance
from engine.constraints import options_for
from engine.curriculum import Activity, Curriculum, Skill
from engine.kinds import (
    EFFECTS,
    SPEEDS,
    KindPrior,
    chains_of,
    log_likelihoods,
    multipliers,
    opportunities,
)
from engine.policy import recommend
from engine.ranking import scores
from engine.requests import Request
from engine.responses import Response
from engine.situation import situate
from engine.tasks import tasks_for

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
PRIOR = {"video": KindPrior(0.0, 0.8)}
SKILLS = [f"s{n}" for n in range(20)]


@pytest.fixture(scope="session")
def course():
    return Curriculum.of(
        skills=[Skill(name) for name in SKILLS],
        activities=[
            Activity(f"{name}-{kind}", (name,), modality=kind)
            for name in SKILLS
            for kind in ("video", "exercise")
        ],
    )


def answers(marks_of):
    """The answers of a student: skill → (mark, kind) in order."""
    found = []
    for skill, marks in marks_of.items():
        for mark, kind in marks:
            at = START + timedelta(minutes=len(found))
            found.append(
                Response(
                    f"e{len(found):04}", "ana", (skill,), float(mark), at, None, f"{skill}-{kind}"
                )
            )
    return found


def by_video():
    """Learns at once by every video, and never by an exercise."""
    ends = [(0, "exercise"), (0, "exercise"), (0, "exercise"), (0, "video"), (1, "exercise")]
    return answers({skill: [*ends, (1, "exercise"), (1, "exercise")] for skill in SKILLS})


def indifferent():
    """Learns after one video as after one exercise."""
    halves = {0: ("video", "exercise"), 1: ("exercise", "video")}
    return answers(
        {
            skill: [(0, halves[n % 2][0]), (0, halves[n % 2][1]), (1, "video"), (1, "exercise")]
            for n, skill in enumerate(SKILLS)
        }
    )


def by_sums(history, bundle, kind, speed, effect):
    """log P(answers) by summing over when each skill was learnt."""
    total = 0.0
    for skill in dict.fromkeys(r.skill for r in history):
        mine = [r for r in history if r.skill == skill]
        prior, learn, _, guess, slip = bundle.estimate(skill)[0].parameters
        rates = [min(0.95, learn * exp(speed + effect * r.activity.endswith(kind))) for r in mine]
        found = 0.0
        for learnt in range(len(mine) + 1):  # before which answer
            p = prior if learnt == 0 else (1 - prior) * rates[learnt - 1]
            for n in range(learnt - 1):
                p *= 1 - rates[n]
            if learnt == len(mine):
                p /= rates[learnt - 1]  # at the last, or never: nothing tells them apart
            for n, r in enumerate(mine):
                right = 1 - slip if n >= learnt else guess
                p *= right if r.correct else 1 - right
            found += p
        total += log(found)
    return total


@pytest.mark.parametrize(("i", "j"), [(0, 0), (3, 9), (7, 18), (5, 4)])
def test_the_likelihood_is_the_sum_over_when_each_skill_was_learnt(course, bundle, i, j):
    history = by_video()[:23]
    found = log_likelihoods(chains_of(history, bundle, course, ("video",)), 0)
    assert found[i, j] == pytest.approx(by_sums(history, bundle, "video", SPEEDS[i], EFFECTS[j]))


def test_what_clearly_teaches_better_is_told_with_its_interval(course, bundle):
    (one,) = multipliers(by_video(), bundle, course, PRIOR).values()
    assert one.kind == "video"
    assert 1.0 < one.low < one.factor < one.high
    assert one.answers == opportunities(chains_of(by_video(), bundle, course, ("video",)), 0)


def test_nothing_is_told_of_whom_little_or_nothing_shows(course, bundle):
    assert multipliers(indifferent(), bundle, course, PRIOR) == {}
    assert multipliers(by_video()[:21], bundle, course, PRIOR) == {}
    assert multipliers([], bundle, course, PRIOR) == {}


def test_nothing_is_told_where_the_school_shows_no_difference(course, bundle):
    assert multipliers(by_video(), bundle, course, {}) == {}


def test_a_narrower_school_shrinks_the_multiplier(course, bundle):
    wide = multipliers(by_video(), bundle, course, {"video": KindPrior(0.0, 1.3)})["video"]
    narrow = multipliers(by_video(), bundle, course, {"video": KindPrior(0.0, 0.4)})["video"]
    assert 1.0 < narrow.factor < wide.factor


def test_the_order_in_which_answers_arrive_changes_nothing(course, bundle):
    found = multipliers(by_video(), bundle, course, PRIOR)
    assert multipliers(by_video()[::-1], bundle, course, PRIOR) == found


@pytest.fixture
def decided(course, bundle):
    known = replace(bundle, facts={"kinds": {"video": [0.0, 0.8]}})

    def decided(history, bundle=known):
        more = Curriculum.of(
            skills=[*course.skills.values(), Skill("new")],
            activities=[
                *course.activities.values(),
                Activity("new-video", ("new",), modality="video"),
                Activity("new-exercise", ("new",), modality="exercise"),
            ],
        )
        beliefs = student_beliefs(history, bundle, more.skills)
        asked = Request(objective=None, goal="new")
        return more, beliefs, asked, bundle

    return decided


def terms(found, history):
    course, beliefs, asked, bundle = found
    now = situate(course, beliefs, history=history, bundle=bundle, request=asked)
    options = options_for(now, tasks_for(now))
    return {
        s.option.activity.id: {t.code.value: t.weight for t in s.terms}
        for s in scores(now, options)
        if s.option.task.skill == "new"
    }


def test_it_moves_its_own_term_in_favour_of_what_teaches(decided):
    history = by_video()
    found = terms(decided(history), history)
    assert found["new-video"]["kind_teaches"] == 0.0
    assert found["new-exercise"]["other_kind_teaches"] < 0.0


def test_where_it_does_not_show_no_reason_speaks_of_it(decided):
    history = indifferent()
    for codes in terms(decided(history), history).values():
        assert not {"kind_teaches", "other_kind_teaches"} & codes.keys()


def test_the_sentence_says_how_much_and_from_how_many_answers(decided):
    history = by_video()
    course, beliefs, asked, bundle = decided(history)
    found = recommend(
        course, beliefs, history=history, bundle=bundle, request=asked, chance=Chance("ana", 0)
    )
    texts = [r.text for c in found.candidates for r in c.reasons if r.code == "kind_teaches"]
    assert texts
    assert "from 20 answers" in texts[0]
    assert np.isfinite([c.score for c in found.candidates]).all()
