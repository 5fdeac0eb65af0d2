"""What is aimed at: how much it counts, how far it has come, and deadlines that have passed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.chance import Chance
from engine.curriculum import Curriculum
from engine.errors import InvalidInput
from engine.goals import Goal, goal_weights, goals_of, standings
from engine.policy import recommend
from engine.requests import Request

NOW = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)
PERCENT = Goal("g1", skill="percent", student="ana")
RATES = Goal("g2", objective="rates", class_id="7b", deadline=NOW + timedelta(days=7))


def test_a_goal_is_of_its_student_or_class():
    assert goals_of([PERCENT, RATES], "ana") == [PERCENT]
    assert goals_of([PERCENT, RATES], "ben", {"7b"}) == [RATES]


def test_an_open_goal_lists_what_is_left_on_the_way(course, believed):
    (found,) = standings([PERCENT], course, believed({}), now=NOW)
    assert (found.status, found.left) == ("open", ("fraction", "percent"))


def test_a_goal_is_met_once_what_it_aims_at_is_secure(course, believed):
    (found,) = standings([PERCENT], course, believed({"percent": "1111111"}), now=NOW)
    assert (found.status, found.left) == ("met", ())


def test_a_deadline_that_has_passed_is_reported(course, believed):
    late = replace(PERCENT, deadline=NOW - timedelta(days=1))
    assert standings([late], course, believed({}), now=NOW)[0].status == "overdue"


def test_a_goal_that_the_curriculum_no_longer_has_is_reported(believed):
    found = standings([PERCENT, RATES], Curriculum.of(), {}, now=NOW)
    assert [one.status for one in found] == ["gone", "gone"]


def test_a_skill_counts_by_the_goal_that_asks_most_for_it(course, believed):
    goals = [PERCENT, RATES]
    found = goal_weights(goals, standings(goals, course, believed({}), now=NOW), now=NOW)
    assert found["percent"] == ("rates", pytest.approx(3.0 * 1.75))
    alone = goal_weights([PERCENT], standings([PERCENT], course, believed({}), now=NOW), now=NOW)
    assert alone == {"fraction": ("percent", 3.0), "percent": ("percent", 3.0)}


@pytest.fixture(scope="module", params=["bundle", "trusted"])
def decide_with(request, course, answered, believed):
    """Decides under the careful rule, and under the index rule."""
    bundle = request.getfixturevalue(request.param)

    def decide_with(answers, *goals):
        return recommend(
            course,
            believed(answers),
            history=answered(answers),
            bundle=bundle,
            request=Request(),
            chance=Chance("ana", 0),
            goals=goals,
            now=NOW,
        )

    return decide_with


@pytest.mark.parametrize("skill", ["ratio", "percent"])
def test_the_way_to_a_goal_comes_first(decide_with, skill):
    found = decide_with({"fraction": "111111"}, Goal("g", skill=skill, student="ana"))
    assert found.candidates[0].skill == skill
    assert "towards_goal" in [reason.code for reason in found.candidates[0].reasons]
    assert [one.status for one in found.goals] == ["open"]


def test_an_overdue_goal_still_counts_and_is_named_in_the_answer(decide_with):
    late = Goal("g", skill="percent", student="ana", deadline=NOW - timedelta(days=3))
    found = decide_with({"fraction": "111111"}, late)
    assert found.status == "ok"
    assert "overdue" in [reason.code for reason in found.reasons]


def test_a_goal_that_leads_nowhere_is_named_in_the_answer(decide_with):
    found = decide_with({}, Goal("g", skill="gone", student="ana"))
    assert found.status == "ok"
    assert "goal_gone" in [reason.code for reason in found.reasons]


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"skill": None}, {"skill"}),
        ({"objective": "rates"}, {"skill"}),
        ({"student": None}, {"student"}),
        ({"class_id": "7b"}, {"student"}),
        ({"skill": "nowhere"}, {"skill"}),
        ({"weight": 0.0}, {"weight"}),
        ({"weight": 11.0}, {"weight"}),
        ({"weight": float("nan")}, {"weight"}),
    ],
)
def test_a_goal_that_cannot_be_meant_is_refused_by_its_field(course, changes, places):
    with pytest.raises(InvalidInput) as refused:
        replace(PERCENT, **changes).checked(course)
    assert {fault.place for fault in refused.value.faults} == places
