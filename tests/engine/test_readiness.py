"""The chance to pass a check against counting every way it can go, and how far off it is."""

from dataclasses import replace
from itertools import product
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.parameters import SkillParameters
from engine.readiness import (
    BAR,
    OF_A_MASTER,
    PASS_SHARE,
    least_mastery,
    p_pass,
    readiness,
)

PARAMETERS = SkillParameters(prior=0.3, learn=0.15, forget=0.02, guess=0.2, slip=0.1)


def by_counting(p_mastery, parameters, questions, needed):
    """Every pattern of right and wrong, for who has mastered the skill and who has not."""
    total = 0.0
    for held, rate in ((p_mastery, 1 - parameters.slip), (1 - p_mastery, parameters.guess)):
        for pattern in product((0, 1), repeat=questions):
            if sum(pattern) >= needed:
                chance = held
                for right in pattern:
                    chance *= rate if right else 1 - rate
                total += chance
    return total


@pytest.mark.parametrize(("questions", "needed"), [(1, 1), (2, 2), (5, 4), (8, 6)])
@pytest.mark.parametrize("p_mastery", [0.0, 0.3, 0.95, 1.0])
def test_the_chance_to_pass_is_that_of_all_ways_to_pass(p_mastery, questions, needed):
    found = p_pass(p_mastery, PARAMETERS, questions=questions, needed=needed)
    assert found == pytest.approx(by_counting(p_mastery, PARAMETERS, questions, needed), abs=1e-12)


@given(st.floats(0, 0.5), st.floats(0, 0.45), st.integers(1, 12))
def test_there_is_a_mastery_from_which_a_check_is_offered(guess, slip, questions):
    parameters = SkillParameters(0.3, 0.2, 0.0, guess, slip)
    least = least_mastery(parameters, questions)
    needed = ceil(PASS_SHARE * questions)
    surely = p_pass(1.0, parameters, questions=questions, needed=needed)
    assert 0.5 <= least <= 1.0
    chance = p_pass(least, parameters, questions=questions, needed=needed)
    assert chance >= min(BAR, OF_A_MASTER * surely) - 1e-9


def test_a_check_that_masters_often_fail_is_not_held_against_anybody(believed):
    hard = PARAMETERS._replace(slip=0.4)
    belief = replace(believed({"ratio": "11111111"})["ratio"], p_mastery=0.99)
    found = readiness(belief, hard)
    assert found.p_pass < BAR
    assert found.ready


def test_it_takes_enough_answers_whatever_the_belief(believed):
    belief = replace(believed({"ratio": "1"})["ratio"], p_mastery=0.999)
    found = readiness(belief, PARAMETERS)
    assert (found.ready, found.answers_to_go) == (False, 2)


@pytest.mark.parametrize("marks", ["1", "10", "0110", "00000"])
def test_so_many_right_answers_more_and_it_is_offered(believed, marks):
    before = readiness(believed({"ratio": marks})["ratio"], PARAMETERS)
    assert not before.ready
    further = before.answers_to_go
    for extra, ready in ((further - 1, False), (further, True)):
        after = readiness(believed({"ratio": marks + "1" * extra})["ratio"], PARAMETERS)
        assert after.ready is ready


def test_answers_that_tell_nothing_never_get_there(believed):
    silent = PARAMETERS._replace(guess=0.5, slip=0.5, learn=0.0, forget=0.0)
    found = readiness(believed({"ratio": "0"})["ratio"], silent)
    assert (found.ready, found.answers_to_go) == (False, None)


def test_whoever_says_they_are_ready_is_told_how_far_it_is(decide):
    found = decide({"fraction": "01"}, intent="assess")
    assert found.status == "nothing_available"
    assert [reason.code for reason in found.reasons] == ["not_ready", "how_far"]
    (one,) = found.readiness
    assert (one.skill, one.ready) == ("fraction", False)
    assert one.p_pass < one.bar


def test_whoever_is_ready_gets_a_check_and_the_chance_to_pass_it(decide):
    found = decide({"fraction": "1111"}, intent="assess")
    assert found.status == "ok"
    assert found.candidates[0].purpose == "assess"
    assert found.ready_to_assess == ("fraction",)
    assert found.readiness[0].p_pass >= found.readiness[0].bar


def test_any_skill_worked_on_can_be_gone_back_to(decide):
    shut = {"slope": "1", "fraction": "0"}
    plain = decide(shut)
    assert "slope" in {blocked.skill for blocked in plain.blocked}
    found = decide(shut, revisit="slope")
    assert found.status == "ok"
    assert {candidate.skill for candidate in found.candidates} == {"slope"}
    secure = decide({"fraction": "1111111"}, revisit="fraction")
    assert {candidate.skill for candidate in secure.candidates} == {"fraction"}


def test_what_was_never_worked_on_cannot_be_gone_back_to(decide):
    found = decide({}, revisit="slope")
    assert (found.status, found.candidates) == ("nothing_available", ())
    assert [reason.code for reason in found.reasons] == ["not_done_yet"]
