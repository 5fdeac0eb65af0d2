"""The times of decisions are measured on a course of the size asked for."""

from training.benchmarks.deciding import time_decisions


def test_every_figure_is_a_time_of_that_course():
    found = time_decisions(skills=40, per_skill=4, repeats=1)
    assert (found.skills, found.activities) == (40, 160)
    assert min(found.tables_s, found.decision_us, found.recommendation_ms) > 0
