"""A trail shows every response that bears on a skill, and ends where the belief does."""

from engine.beliefs import student_beliefs
from engine.trails import evidence_trail


def test_the_trail_ends_where_the_belief_does(answered, bundle):
    responses = answered({"ratio": "1011", "fraction": "0"})
    trail = evidence_trail(responses, bundle, "ratio")
    assert [step.response.correct for step in trail] == [1, 0, 1, 1]
    last, found = trail[-1], student_beliefs(responses, bundle)["ratio"]
    assert (last.p_mastery, last.low, last.high) == (found.p_mastery, found.low, found.high)


def test_a_skill_without_responses_has_no_trail(answered, bundle):
    assert evidence_trail(answered({"ratio": "10"}), bundle, "slope") == []
