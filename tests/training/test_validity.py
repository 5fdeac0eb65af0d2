"""What follows mastery, on histories short enough to count by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from training.evaluation import Comparison, Judged, ModelScores, Unseen
from training.validity import validity


def judged(rows, mastery):
    """Rows (student, skill, item, correct), and P(mastered) after each."""
    frame = pd.DataFrame(rows, columns=["student", "skill", "item", "correct"])
    scores = ModelScores("m", 0, 0, 0, 0, 0, len(frame), 0, 0)
    one = Judged(scores, np.full(len(frame), 0.5), None if mastery is None else np.array(mastery))
    student = pd.factorize(frame["student"])[0]
    return Comparison(Unseen(frame, student, np.zeros(len(frame), dtype=int)), (one,))


ROWS = [
    ("ana", "x", "1", 1.0),
    ("ana", "x", "2", 1.0),  # secure from here
    ("ana", "y", "3", 0.0),
    ("ana", "x", "4", 0.0),  # the first attempt after it
    ("ana", "x", "4", 1.0),  # a retry
    ("ana", "x", "5", 1.0),
    ("ben", "x", "1", 1.0),  # secure at once, and nothing follows
    ("cyd", "x", "1", 0.0),
]
MASTERY = [0.9, 0.95, 0.2, 0.4, 0.6, 0.97, 0.99, 0.1]


def test_what_follows_is_counted_from_the_first_declaration_on():
    [found] = validity(judged(ROWS, MASTERY), replicates=50)
    assert (found.runs, found.declared, found.followed) == (4, 2, 1)
    assert (found.mean_opportunities, found.median_opportunities) == (1.5, 1.5)
    assert (found.shares[1].right, found.shares[1].n) == (0.0, 1)
    assert (found.shares[3].right, found.shares[3].n) == (0.5, 2)


def test_numbered_attempts_say_which_are_first():
    found = judged(ROWS, MASTERY)
    frame = found.unseen.frame.assign(attempt=[1, 1, 1, 1, 1, 2, 1, 1])
    [one] = validity(found._replace(unseen=found.unseen._replace(frame=frame)), replicates=5)
    assert (one.shares[5].right, one.shares[5].n) == (0.5, 2)


def test_a_model_that_knows_no_mastery_has_no_part_in_it():
    assert validity(judged(ROWS, None)) == []


def test_a_model_that_calls_nobody_secure_says_so():
    [found] = validity(judged(ROWS, [0.1] * 8), replicates=5)
    assert (found.declared, found.followed) == (0, 0)
    assert math.isnan(found.shares[1].right)
    assert math.isnan(found.mean_opportunities)


def test_the_interval_is_that_of_students():
    """A hundred students, half of whom always fail afterwards: the share is .5 ± .1."""
    rows = [(f"s{s}", "x", str(n), float(n == 0 or s % 2)) for s in range(100) for n in range(6)]
    [found] = validity(judged(rows, [0.99] * 600))
    share = found.shares[5]
    assert share.right == 0.5
    assert share.interval.low == pytest.approx(0.4, abs=0.03)
    assert share.interval.high == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize("threshold", [0.0, 1.0, math.nan])
def test_a_threshold_is_a_probability_inside(threshold):
    with pytest.raises(InvalidInput, match="validity"):
        validity(judged(ROWS, MASTERY), threshold=threshold)
