"""What is served, in what order, and with what probability."""

from collections import Counter

import pytest

from engine.chance import Chance
from engine.constraints import options_for, passing
from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.ranking import scores
from engine.slate import EXPLORE, slate
from engine.tasks import tasks_for

DRAWS = 1500
OPEN_TO_TWO = {"fraction": "1111"}


def scored(now):
    return scores(now, passing(now, options_for(now, tasks_for(now))))


def served(now, n=6, decision=0):
    return slate(scored(now), n=n, chance=Chance("ana", decision))


def drawn(now, decisions, n=6):
    """The slates of many decisions in the same situation."""
    found = scored(now)
    return [slate(found, n=n, chance=Chance("ana", decision)) for decision in range(decisions)]


def ids(slate):
    return [s.scored.option.activity.id for s in slate]


def test_two_activities_of_each_skill_of_different_kinds(situation):
    found = served(situation(OPEN_TO_TWO))
    skills = Counter(s.scored.option.task.skill for s in found)
    assert skills == {"ratio": 2, "percent": 2}
    kinds = {(s.scored.option.task.skill, s.scored.option.activity.modality) for s in found}
    assert len(kinds) == 4


@pytest.mark.parametrize("n", range(1, 11))
def test_no_more_than_asked_for_and_skills_before_seconds(situation, n):
    found = served(situation({}, intent="diagnose"), n=n)
    skills = Counter(s.scored.option.task.skill for s in found)
    assert len(found) == n
    assert max(skills.values()) <= 2
    assert len(skills) == min(n, 3) if n <= 6 else len(skills) == (n + 1) // 2


@pytest.mark.parametrize("n", range(1, 11))
@pytest.mark.parametrize("decision", range(20))
def test_propensities_sum_to_one(situation, n, decision):
    found = served(situation(OPEN_TO_TWO), n=n, decision=decision)
    assert sum(s.propensity for s in found) == pytest.approx(1.0)


def test_the_propensity_is_how_often_a_candidate_comes_first(situation):
    now = situation(OPEN_TO_TWO)
    first = Counter(ids(found)[0] for found in drawn(now, DRAWS))
    for one in served(now):
        expected = one.propensity * DRAWS
        slack = 4 * (expected * (1 - one.propensity)) ** 0.5
        assert first[one.scored.option.activity.id] == pytest.approx(expected, abs=slack + 1e-9)


def test_what_is_served_and_its_propensity_do_not_depend_on_the_draw(situation):
    now = situation(OPEN_TO_TWO)
    slates = {
        frozenset((s.scored.option.activity.id, s.propensity) for s in found)
        for found in drawn(now, 100)
    }
    assert len(slates) == 1


def test_chance_stays_inside_the_chosen_skill_and_says_when_it_chose(situation):
    now = situation(OPEN_TO_TWO)
    best = ids(served(now, n=1))[0]
    firsts = [found[0] for found in drawn(now, 200)]
    assert len({one.scored.option.task.skill for one in firsts}) == 1
    for one in firsts:
        explored = any(reason.code == "explored" for reason in one.scored.reasons)
        assert explored == (one.scored.option.activity.id != best)
    assert 0.0 < sum(one.scored.option.activity.id != best for one in firsts) / 200 < EXPLORE


def test_without_chance_candidates_come_by_score(situation):
    found = served(situation({}, intent="diagnose"), n=10)
    scores = [s.scored.score for s in found if s.propensity < 0.5]
    assert scores == sorted(scores, reverse=True)


def test_reviews_come_first_whatever_their_score(situation):
    fallen = {"fraction": "1111", "ratio": "1111000"}
    now = situation(fallen, objective="rates", goal="percent")
    found = served(now, n=2)
    assert [s.scored.option.task.purpose for s in found] == ["review", "learn"]
    assert found[0].scored.score < found[1].scored.score


def test_the_activity_just_done_does_not_come_first_again(situation):
    now = situation({"fraction": "1"}, activity="fraction-practice", objective="basics")
    assert all(ids(found)[0] != "fraction-practice" for found in drawn(now, 200))


def test_an_activity_for_two_skills_is_served_once(situation):
    course = Curriculum.of(
        skills=[Skill("a"), Skill("b")],
        items=[Item("one", ("a",))],
        activities=[Activity("both", ("a", "b"), items=("one",))],
    )
    found = served(situation({}, curriculum=course))
    assert ids(found) == ["both"]
    assert found[0].scored.option.task.skill == "a"


def test_nothing_scored_is_an_empty_slate():
    assert slate([], n=3, chance=Chance("ana", 0)) == []
