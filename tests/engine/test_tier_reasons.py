"""Why a student sits in a tier, in numbers."""

import pytest

from engine.classroom import classroom
from engine.tier_reasons import doubts, likelihood, weightiest

STRONG = {"fraction": "11111", "ratio": "11111", "percent": "11111"}


@pytest.fixture(scope="module")
def room(course, believed):
    def room(answers):
        return classroom(course, "rates", {"ana": believed(answers)})

    return room


def test_the_likelihood_weighs_the_probability_of_the_tier(room):
    now = room(STRONG)
    for tier in range(3):
        assert likelihood(now, 0, tier).weight == now.odds.tiers[0, tier]


def test_fewer_than_three_answers_per_two_skills_are_too_few(room):
    def codes(answers):
        return [reason.code for reason in doubts(room(answers), 0, 1)]

    assert "few_answers" in codes({"fraction": "0" * 7})  # 5 skills want 8 answers
    assert "few_answers" not in codes({"fraction": "0" * 8})


def test_a_seat_less_likely_than_not_is_a_doubt(room):
    now = room({"fraction": "1111", "ratio": "1111", "percent": "101", "slope": "11", "rate": "11"})
    doubtful = [tier for tier in range(3) if now.odds.tiers[0, tier] < 0.5]
    assert [t for t in range(3) if [r.code for r in doubts(now, 0, t)] == ["unsure_tier"]] == (
        doubtful
    )


def test_one_to_three_skills_are_named_the_weightiest_first(room):
    for answers in ({}, STRONG, {**STRONG, "slope": "11111", "rate": "11111"}):
        for tier in range(3):
            named = weightiest(room(answers), 0, tier)
            assert 1 <= len(named) <= 3
            assert [r.weight for r in named] == sorted((r.weight for r in named), reverse=True)


def test_what_is_lacked_speaks_for_support_and_what_is_held_against(room):
    now = room({"fraction": "11111", "ratio": "00000", "percent": "00000"})
    named = weightiest(now, 0, 0)
    assert {reason.code for reason in named} == {"probably_lacks"}
    assert any("ratio" in reason.text for reason in named)
    assert all(reason.weight > 0 for reason in named)


def test_a_skill_without_an_answer_is_not_said_to_be_at_a_percentage(room):
    named = {r.code: r.text for r in weightiest(room({"fraction": "000"}), 0, 0)}
    assert "not_answered" in named
    assert "%" not in named["not_answered"]
