"""The benchmark of the posterior reports every group of effects and every kind of school."""

import pytest

from training.benchmarks.calibration import (
    ANOTHER,
    OWN,
    Case,
    cases,
    control_rows,
    coverage_rows,
    rank_rows,
)
from training.benchmarks.calibration_page import calibration_page, rank_picture


@pytest.fixture(scope="module")
def ranked():
    return rank_rows(schools=3, draws=4, thin=1)


@pytest.fixture(scope="module")
def covered():
    return coverage_rows([Case(story, 10, "map", 1) for story in (OWN, ANOTHER)])


def test_every_group_of_effects_has_its_ranks(ranked):
    assert {"population", "single", "item", "pair", "past", "ability"} <= {
        row["effects"] for row in ranked
    }
    assert all(0.0 <= row["mean_rank"] <= 1.0 and 0.0 <= row["p"] <= 1.0 for row in ranked)
    assert all(sum(row["counts"]) == row["ranks"] for row in ranked)
    assert ranked[0]["ranks"] == sum(row["ranks"] for row in ranked[1:])


def test_a_mistaken_posterior_is_ranked_beside_the_right_one():
    right, wrong = control_rows(schools=2, draws=4, thin=1)
    assert right["ranks"] == wrong["ranks"]
    assert right["counts"] != wrong["counts"]


def test_every_story_has_its_coverage(covered):
    assert [row["story"] for row in covered] == [OWN, ANOTHER]
    assert all(0.0 <= row["lowest"] <= row["coverage"] <= 1.0 for row in covered)


def test_every_story_is_told_in_three_sizes_and_every_cheap_way_to_fit_is_looked_at():
    assert len({(one.story, one.students) for one in cases()}) == 9
    assert {one.inference for one in cases()} == {"map", "laplace", "svi"}


def test_the_page_and_its_picture_show_every_group(ranked, covered):
    control = [{**ranked[0], "posterior": "right"}]
    found = {"ran": "Here.", "seconds": 1.0, "schools": 3, "control": control}
    page = calibration_page({**found, "ranks": ranked, "coverage": covered})
    svg = rank_picture(ranked)
    for row in ranked:
        name = row["effects"].replace("_", " ")
        assert f"| {name} |" in page
        assert f">{name}<" in svg
