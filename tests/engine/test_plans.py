"""The plan of a course: worked out once, and saying which rule is in force."""

from dataclasses import replace

import numpy as np
import pytest

from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.parameters import Emission
from engine.plans import ENOUGH_STUDENTS, STRENGTH, _shelf, plan_of, rule_in_force
from engine.policy import Recommendation


def test_a_plan_is_worked_out_once_for_a_course_and_a_model(course, trusted):
    assert plan_of(course, trusted) is plan_of(course, trusted)
    other = replace(trusted, version="v2")
    assert plan_of(course, other) is not plan_of(course, trusted)


def test_the_careful_rule_needs_no_tables(course, bundle):
    plan = plan_of(course, bundle)
    assert not plan.follows_index
    assert plan.tables.size == 0


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "rule_few"),
        ({"students": ENOUGH_STUDENTS - 1}, "rule_few"),
        ({"students": ENOUGH_STUDENTS}, "rule_index"),
        ({"students": 900, "log_loss": 0.52, "rival_log_loss": 0.515}, "rule_index"),
        ({"students": 900, "log_loss": 0.54, "rival_log_loss": 0.52}, "rule_misfit"),
        ({"students": 900, "log_loss": 0.50, "rival_log_loss": 0.52}, "rule_index"),
    ],
)
def test_the_rule_follows_from_what_the_model_says_of_itself(facts, code):
    assert rule_in_force(facts)[1].code == code


def test_strengths_that_the_model_learnt_replace_the_usual_one(course, trusted):
    learnt = replace(
        trusted, facts={**trusted.facts, "strengths": {"ratio": {"fraction": 0.1}}}, version="v3"
    )
    plan = plan_of(course, learnt)
    edge = plan.graph.starts[plan.rows["ratio"]]
    assert plan.graph.strengths[edge] == 0.1
    assert (np.delete(plan.graph.strengths, edge) == STRENGTH).all()


def test_activities_are_told_apart_only_where_the_model_does(course, trusted):
    own = replace(trusted.pooled, learns={"ratio-video": 0.4})
    plan = plan_of(course, replace(trusted, skills={**trusted.skills, "ratio": own}, version="v4"))
    assert set(plan.worth) == {"ratio"}
    assert set(plan.worth["ratio"]) == {a.id for a in course.activities_for("ratio")}
    assert plan.rates[plan.rows["ratio"]] == 0.4


def test_a_course_without_skills_or_activities_has_a_plan(trusted):
    assert plan_of(Curriculum.of(), trusted).tables.size == 0
    bare = Curriculum.of(skills=[Skill("x")])
    assert plan_of(bare, trusted).rates.tolist() == [0.0]


def test_every_decision_says_which_rule_and_why(decide, trusted):
    found: Recommendation = decide({}, bundle=trusted)
    assert found.policy == "index-2"
    assert found.rule.code == "rule_index"
    assert "1000" in found.rule.text
    assert decide({}).rule.code == "rule_few"


def test_a_guess_and_slip_are_the_mean_of_the_questions_asked(trusted):
    course = Curriculum.of(
        skills=[Skill("x")],
        items=[Item("i1", ("x",)), Item("i2", ("x",))],
        activities=[Activity("both", ("x",), items=("i1", "i2")), Activity("plain", ("x",))],
    )
    known = replace(trusted.pooled, items={"i1": Emission(0.1, 0.2), "i2": Emission(0.3, 0.0)})
    bundle = replace(trusted, skills={"x": known}, version="v5")
    both, plain = _shelf(course, bundle, "x")
    assert both == pytest.approx((0.15, 0.2, 0.1, True))
    assert plain == pytest.approx((0.15, 0.2, 0.1, False))
