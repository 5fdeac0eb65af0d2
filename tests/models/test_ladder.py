"""The ladder's counts against enumeration of every path."""

from itertools import product

import numpy as np
import pytest

from models.ladder import Ladder, Strands, expect, p_right

GAP = 3.0


def paths(strands, model):
    """Every path of levels (before and after each activity), with its probability."""
    n, levels = len(strands.activity), model.levels
    down = 1 - (1 - model.lapse) ** GAP
    for before in product(range(levels), repeat=n):
        for after in product(range(levels), repeat=n):
            p = 1.0
            for t in range(n):
                a = strands.activity[t]
                p *= (
                    fell(model.start[0], before[t], down)
                    if t == 0
                    else move(after[t - 1], before[t], -down)
                )
                share = model.shares[before[t]]
                right = p_right(share, model.guess[a], model.slip[a])
                if not np.isnan(strands.correct[t]):
                    p *= right if strands.correct[t] else 1 - right
                p *= move(before[t], after[t], model.teach[a] * strands.ready[t], levels - 1)
            yield p, before, after


def fell(start, level, down):
    return sum(start[was] * move(was, level, -down) for was in range(len(start)))


def move(was, now, chance, top=None):
    """P(one step): up with a positive chance, down with a negative one."""
    step, size = (1, chance) if chance > 0 else (-1, -chance)
    stays = was == top if step > 0 else was == 0
    if now == was:
        return 1.0 if stays else 1 - size
    return size if now == was + step and not stays else 0.0


def a_strand(levels, lapse):
    model = Ladder(
        start=np.arange(levels, 0, -1.0)[None] / np.arange(levels + 1).sum(),
        teach=np.array([0.3, 0.15]),
        guess=np.array([0.2, 0.25]),
        slip=np.array([0.1, 0.05]),
        lapse=lapse,
        shares=np.linspace(0.0, 1.0, levels) ** 2,
    )
    strands = Strands(
        starts=np.array([0, 3]),
        activity=np.array([0, 1, 0]),
        correct=np.array([1.0, np.nan, 0.0]),
        ready=np.array([1.0, 0.5, 0.8]),
        gap=np.full(3, GAP),
        shift=np.zeros(1),
    )
    return strands, model


@pytest.mark.parametrize(("levels", "lapse"), [(2, 0.01), (3, 0.01), (3, 0.2)])
def test_expected_counts_are_those_of_all_paths(levels, lapse):
    strands, model = a_strand(levels, lapse)
    found = expect(strands, model, np.zeros(2, dtype=np.int64))
    every = list(paths(strands, model))
    total = sum(p for p, _, _ in every)
    assert found.log_likelihood == pytest.approx(np.log(total))
    for t in range(3):
        lifted = sum(p for p, before, after in every if after[t] > before[t]) / total
        liftable = sum(p for p, before, _ in every if before[t] < levels - 1) / total
        height = sum(p * model.shares[after[t]] for p, _, after in every) / total
        assert found.lifted[t] == pytest.approx(lifted)
        assert found.liftable[t] == pytest.approx(liftable)
        assert found.after[t] == pytest.approx(height)
    falls = sum(
        p * sum(b < a for a, b in zip(after, before[1:], strict=False))
        for p, before, after in every
    )
    assert found.fell[0] == pytest.approx(falls / total)


def test_two_levels_are_knowledge_tracing():
    from engine.tracing import condition, log_odds_of, predict, probability

    strands, model = a_strand(2, 0.0)
    state = log_odds_of(model.start[0, 1])
    state = predict(condition(state, 1.0, 0.2, 0.1), 0.3, 0.0)
    state = predict(state, 0.15 * 0.5, 0.0)
    state = predict(condition(state, 0.0, 0.2, 0.1), 0.3 * 0.8, 0.0)
    found = expect(strands, model, np.zeros(2, dtype=np.int64))
    assert found.after[2] == pytest.approx(probability(state))
