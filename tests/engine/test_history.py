"""What a response knows of the past, against a slow look back at every earlier response."""

from math import log, log1p

import numpy as np
import pytest

from engine.history import COVARIATES, RECENT, SO_FAR, History, Parts, past_of

PARTS = Parts(np.array([0, 1, 2, 4]), np.array([0, 1, 0, 1]))
"""Skills 0 and 1 are single, skill 2 joins them."""
AVERAGE = 0.6


def history(seed=0, events=40):
    rng = np.random.default_rng(seed)
    return History(
        starts=np.array([0, events // 2, events]),
        skill=rng.integers(0, 3, events),
        item=rng.integers(-1, 5, events),
        correct=rng.integers(0, 2, events).astype(float),
        seconds=np.cumsum(rng.exponential(900.0, events)),
    )


def shrunk(correct, decay):
    ages = decay ** np.arange(len(correct))[::-1]
    right, wrong = (ages * correct).sum() + 2 * AVERAGE, (ages * (1 - correct)).sum()
    return log(right / (wrong + 2 * (1 - AVERAGE))) - log(AVERAGE / (1 - AVERAGE))


def slowly(one, first, event):
    """The covariates of one event by looking at every earlier one."""
    before = range(first, event)
    parts = {0: {0}, 1: {1}, 2: {0, 1}}
    mine = parts[one.skill[event]]
    lags, wrong = [], []
    for part in mine:
        met = [b for b in before if part in parts[one.skill[b]]]
        row = 0
        while row < len(met) and one.correct[met[-1 - row]] < 0.5:
            row += 1
        wrong.append(row)
        lags.append(log1p(event - met[-1]) if met else 0.0)
    item = one.item[event]
    same = [b for b in before if item >= 0 and one.item[b] == item]
    session = event
    while session > first and one.seconds[session] - one.seconds[session - 1] <= 1800.0:
        session -= 1
    pause = one.seconds[event] - one.seconds[event - 1] if event > first else 0.0
    return [
        shrunk(one.correct[first:event], RECENT),
        shrunk(one.correct[first:event], SO_FAR),
        log1p(event - first),
        sum(row > 0 for row in wrong) / len(mine),
        sum(log1p(row) for row in wrong) / len(mine),
        sum(lags) / len(mine),
        float(bool(same)),
        log1p(len(same)),
        one.correct[same[-1]] - 0.5 if same else 0.0,
        log1p(event - same[-1]) if same else 0.0,
        float(bool(same) and same[-1] == event - 1),
        log1p(event - session),
        log1p(pause / 60.0),
    ]


def test_every_covariate_is_what_a_slow_look_back_finds():
    one = history()
    found = past_of(one, PARTS, AVERAGE)
    for first, stop in zip(one.starts[:-1], one.starts[1:], strict=True):
        for event in range(first, stop):
            expected = slowly(one, first, event)
            assert found.covariates[event] == pytest.approx(expected, abs=1e-12)


def test_links_lead_to_the_response_before_on_the_same_skill():
    one = history()
    found = past_of(one, PARTS, AVERAGE)
    for first, stop in zip(one.starts[:-1], one.starts[1:], strict=True):
        for event in range(first, stop):
            same = [b for b in range(first, event) if one.skill[b] == one.skill[event]]
            assert found.opportunity[event] == len(same)
            assert found.before[event] == (same[-1] if same else -1)
            assert found.between[event] == (event - same[-1] - 1 if same else 0)


def test_the_future_changes_nothing():
    one = history()
    other = one._replace(correct=one.correct.copy(), item=one.item.copy())
    other.correct[30:], other.item[31:] = 1.0 - other.correct[30:], 4
    kept = slice(0, 31)
    np.testing.assert_array_equal(
        past_of(one, PARTS, AVERAGE).covariates[kept],
        past_of(other, PARTS, AVERAGE).covariates[kept],
    )


def test_without_a_clock_nothing_is_said_of_sessions():
    one = history()._replace(seconds=np.full(40, np.nan))
    found = past_of(one, PARTS, AVERAGE)
    columns = [COVARIATES.index(name) for name in ("place in the session", "pause before")]
    assert not found.covariates[:, columns].any()
    assert np.isfinite(found.covariates).all()
