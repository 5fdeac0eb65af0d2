"""A belief looks as sure as it is."""

from __future__ import annotations

import pytest

from engine.beliefs import student_beliefs
from serving.pages.rendering import asset
from serving.pages.shown import shown


@pytest.fixture
def seen(answers, model):
    def make(*scores, skill="fractions"):
        return shown(student_beliefs(answers(*scores, skill=skill), model, [skill])[skill])

    return make


def test_without_answers_nothing_is_claimed(seen):
    found = seen()
    assert not found.seen
    assert (found.state, found.answers) == ("Not started", "no answers")


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_answers_look_like_a_hint(seen, n):
    found = seen(*[1.0] * n)
    assert (found.thin, found.style, found.state) == (True, "thin", "Too early to say")


def test_three_answers_are_enough_for_a_state(seen):
    found = seen(1.0, 1.0, 1.0, 1.0)
    assert (found.thin, found.state, found.style) == (False, "Secure", "secure")


def test_every_look_of_a_cell_is_in_the_style_sheet(seen):

    css = asset("trellis.css").decode()
    for style in ("unseen", "thin", "emerging", "developing", "secure", "review"):
        assert f".{style} a" in css


def test_a_skill_the_model_never_saw_says_so(seen):
    assert seen(1.0, skill="knitting").pooled
