"""The benchmark of the posterior reports every group of effects and every size of school."""

from training.benchmarks.calibration import coverage_rows, rank_rows


def test_every_group_of_effects_has_its_ranks():
    found = rank_rows(schools=3)
    assert {"population", "single", "item"} <= {row["effects"] for row in found}
    assert all(0.0 <= row["mean_rank"] <= 1.0 for row in found)


def test_every_size_of_school_has_its_coverage():
    (found,) = coverage_rows(sizes=(10,), repeats=1)
    assert found["students"] == 10
    assert 0.0 <= found["lowest"] <= found["coverage"] <= 1.0
