"""Metrics beside oracles that are obviously right because they are obviously slow."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidInput
from training import metrics

probabilities = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.500001, 0.75, 0.9, 1.0])
answers = st.sampled_from([0.0, 1.0, 0.5, 0.25])
responses = st.lists(st.tuples(probabilities, answers), min_size=1, max_size=30)


def auc_by_counting_pairs(p, c):
    won = total = 0.0
    for i in range(len(p)):
        for j in range(len(p)):
            weight = c[i] * (1 - c[j])
            total += weight
            won += weight * ((p[i] > p[j]) + 0.5 * (p[i] == p[j]))
    return won / total if total else math.nan


def auc_by_area(p, c):
    """The trapezoid area under the curve drawn threshold by threshold."""
    points = [(0.0, 0.0)]
    for threshold in sorted(set(p), reverse=True):
        hits = sum(cc for pp, cc in zip(p, c, strict=True) if pp >= threshold)
        alarms = sum(1 - cc for pp, cc in zip(p, c, strict=True) if pp >= threshold)
        points.append((alarms / sum(1 - cc for cc in c), hits / sum(c)))
    steps = pairwise(points)
    return sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in steps)


def ece_by_sorting_into_bins(p, c, bins):
    total = 0.0
    for b in range(bins):
        last = b == bins - 1
        inside = [i for i in range(len(p)) if b <= p[i] * bins < b + 1 or (last and p[i] == 1.0)]
        if inside:
            confidence = sum(p[i] for i in inside) / len(inside)
            share_right = sum(c[i] for i in inside) / len(inside)
            total += len(inside) / len(p) * abs(confidence - share_right)
    return total


@given(responses)
def test_auc_counts_pairs(rows):
    p, c = zip(*rows, strict=True)
    expected = auc_by_counting_pairs(p, c)
    found = metrics.auc(p, c)
    if math.isnan(expected):  # all right or all wrong
        assert math.isnan(found)
    else:
        assert found == pytest.approx(expected, abs=1e-12)


def test_auc_is_the_area_under_the_curve():
    generator = np.random.default_rng(3)
    p = generator.integers(0, 12, 200) / 12
    c = (generator.random(200) < p).astype(float)
    assert metrics.auc(p, c) == pytest.approx(auc_by_area(p.tolist(), c.tolist()), abs=1e-12)


def test_a_fraction_counts_as_so_many_right_and_so_many_wrong_answers():
    whole = metrics.scores([0.3] * 4 + [0.8] * 4, [1, 0, 0, 0, 1, 1, 1, 0])
    parts = metrics.scores([0.3, 0.8], [0.25, 0.75])
    for name in ("auc", "log_loss", "accuracy", "ece"):
        assert getattr(parts, name) == pytest.approx(getattr(whole, name), abs=1e-12)


def test_auc_does_not_change_when_predictions_are_stretched():
    p, c = [0.1, 0.2, 0.2, 0.7], [0, 1, 0, 1]
    assert metrics.auc(p, c) == metrics.auc(np.sqrt(p), c)


@given(responses)
def test_ece_sorts_into_twenty_bins(rows):
    p, c = zip(*rows, strict=True)
    assert metrics.ece(p, c) == pytest.approx(ece_by_sorting_into_bins(p, c, 20), abs=1e-12)


@given(responses)
def test_errors_agree_with_a_plain_loop(rows):
    p, c = zip(*rows, strict=True)
    squares = [(pp - cc) ** 2 for pp, cc in rows]
    held = [min(max(pp, 1e-15), 1 - 1e-15) for pp in p]
    nats = [-cc * math.log(h) - (1 - cc) * math.log1p(-h) for h, cc in zip(held, c, strict=True)]
    right = [cc if pp >= 0.5 else 1 - cc for pp, cc in rows]
    assert metrics.rmse(p, c) == pytest.approx(math.sqrt(sum(squares) / len(p)), abs=1e-12)
    assert metrics.log_loss(p, c) == pytest.approx(sum(nats) / len(p), abs=1e-9)
    assert metrics.accuracy(p, c) == pytest.approx(sum(right) / len(p), abs=1e-12)


def test_answers_all_right_have_no_auc():
    found = metrics.scores([0.4, 0.9], [1, 1])
    assert math.isnan(found.auc)
    assert math.isfinite(found.log_loss)


@pytest.mark.parametrize(
    ("predicted", "correct", "place"),
    [
        ([0.5, math.nan], [1, 1], "predicted, response 2"),
        ([1.5], [1], "predicted, response 1"),
        ([0.5], [-1], "correct, response 1"),
        ([0.5], [1, 1], "predicted and correct"),
        ([], [], "predicted and correct"),
    ],
)
def test_what_is_no_probability_is_refused(predicted, correct, place):
    with pytest.raises(InvalidInput) as error:
        metrics.scores(predicted, correct)
    assert error.value.faults[0].place == place
