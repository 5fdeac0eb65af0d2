"""Bounds on forgetting, judged on simulated training students."""

import pandas as pd

from training.benchmarks.bounds import judge_bounds
from training.benchmarks.courses import Course
from training.benchmarks.page import bounds as shown
from training.benchmarks.worlds import one_skill

COURSE = Course("simulated", 0, "one skill")


def test_each_bound_is_judged_and_test_students_are_left_alone():
    train = one_skill(3_000).assign(split="train")
    test = train.assign(student="t" + train["student"], correct=0, split="test")
    both = pd.concat([train, test], ignore_index=True)
    found = judge_bounds(both, COURSE, (0.05, 0.5))
    assert [one.bound for one in found] == [0.05, 0.5]
    assert found == judge_bounds(train, COURSE, (0.05, 0.5))
    for one in found:
        assert 0.5 < one.auc < 1.0
        assert one.followed > 50
        assert one.after > 0.8
    assert "| simulated | 0.05 |" in shown({"found": [one.as_dict() for one in found]})
