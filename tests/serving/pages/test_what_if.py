"""What the page promises of the next answers is what really happens when they come."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from engine.beliefs import student_beliefs
from engine.bundle import Bundle
from engine.parameters import SkillEstimate, SkillParameters
from serving.pages.what_if import MOST_IMAGINED, after, right_answers_until_secure


@pytest.mark.parametrize("scores", [(), (0.0,), (1.0, 0.0, 0.0, 1.0)])
def test_that_many_right_answers_make_it_secure_and_one_fewer_does_not(answers, model, scores):
    n = right_answers_until_secure(answers(*scores), model, "fractions")
    for count, state in ((n, "secure"), (n - 1, None)):
        real = answers(*scores, *[1.0] * count)
        found = student_beliefs(real, model, ["fractions"])["fractions"].state
        assert (found == "secure") == (state == "secure")


def test_an_imagined_answer_weighs_as_much_as_a_real_one(answers, model):
    imagined = after(answers(1.0, 1.0), model, "fractions", answers=[0.0])
    real = student_beliefs(answers(1.0, 1.0, 0.0), model)["fractions"]
    assert imagined.p_mastery == real.p_mastery


def test_imagined_answers_come_last_even_after_late_ones(answers, model):
    late = [r._replace(occurred_at=r.occurred_at + timedelta(days=900)) for r in answers(1.0, 0.0)]
    imagined = after(late, model, "fractions", answers=[1.0])
    real = student_beliefs(answers(1.0, 0.0, 1.0), model)["fractions"]
    assert imagined.p_mastery == real.p_mastery


def test_a_skill_that_cannot_be_learnt_is_not_promised(answers):
    stuck = SkillParameters(0.001, 0.0, 0.0, 0.49, 0.49)
    one = SkillEstimate(stuck, stuck, np.zeros((5, 5)))
    bundle = Bundle("classic", {"fractions": one}, one)
    assert right_answers_until_secure(answers(0.0), bundle, "fractions") is None
    assert MOST_IMAGINED >= 10


def test_several_skills_at_once_are_imagined_together(answers, model):
    pair = answers(1.0, skill="fractions~~ratios")
    assert after(pair, model, "fractions~~ratios", answers=[1.0]).n == 2
