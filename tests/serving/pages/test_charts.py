"""Marks stand where the numbers say, and inside the picture."""

from __future__ import annotations

import pytest

from engine.trails import evidence_trail
from serving.pages.charts import BAR_WIDTH, CHART_HEIGHT, CHART_WIDTH, bar, trajectory


@pytest.fixture
def drawn(answers, model):
    def draw(*scores, first=1):
        return trajectory(evidence_trail(answers(*scores), model, "fractions"), first=first)

    return draw


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_a_bar_stays_inside_its_width(p):
    marks = bar(p, 0.0, 1.0)
    assert 0 < marks.point < BAR_WIDTH
    assert marks.start + marks.length < BAR_WIDTH


def test_a_better_mastery_stands_further_right():
    assert bar(0.2, 0.1, 0.3).point < bar(0.8, 0.7, 0.9).point


def test_every_answer_has_a_mark_of_its_kind(drawn):
    assert [mark.kind for mark in drawn(1.0, 0.0, 0.5).marks] == ["right", "wrong", "partly"]


def test_a_right_answer_climbs_and_a_wrong_one_falls(drawn):
    first, second, third = drawn(1.0, 1.0, 0.0).marks
    assert second.y < first.y < third.y


def test_a_single_answer_is_a_picture_too(drawn):
    (mark,) = drawn(1.0).marks
    assert 0 < mark.x < CHART_WIDTH
    assert 0 < mark.y < CHART_HEIGHT


def test_many_answers_keep_a_readable_few_numbers(drawn):
    chart = drawn(*[1.0, 0.0] * 100, first=801)
    assert len(chart.marks) == 200
    assert len(chart.columns) <= 12
    assert chart.columns[0].label == "801"
    assert chart.size < drawn(1.0).size


def test_the_band_runs_out_along_the_top_and_back_along_the_bottom(drawn):
    corners = [tuple(map(float, point.split(","))) for point in drawn(1.0, 1.0).band.split()]
    across = [x for x, _ in corners]
    assert across == [across[0], across[1], across[1], across[0]]
    assert corners[0][1] <= corners[3][1]
