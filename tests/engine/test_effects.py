"""Rates are sums of effects, and slopes go back the way the sums came."""

import numpy as np
import pytest

from engine.effects import OPPORTUNITIES, Effects, Situations, rates_of
from engine.history import COVARIATES
from engine.touches import alone
from models.hierarchical.chains import Slopes
from models.hierarchical.collecting import collected
from models.hierarchical.responses import chained

EVENTS, SKILLS, ITEMS, GAPS, PAIRS = 7, 2, 3, 5, 4
_, CHAINS = chained(alone(np.array([0, EVENTS]), np.array([0, 0, 0, 0, 1, 1, 1])), np.ones(EVENTS))


def effects(seed=0):
    rng = np.random.default_rng(seed)
    shapes = [(SKILLS, 5), (SKILLS, 5), ITEMS + 1, len(COVARIATES), GAPS, GAPS, OPPORTUNITIES + 1]
    shapes.append(PAIRS + 1)
    return Effects(*(rng.normal(size=shape) for shape in shapes))


def situations(seed=1):
    rng = np.random.default_rng(seed)
    return Situations(
        skill=np.array([0, 0, 0, 0, 1, 1, 1]),
        item=rng.integers(0, ITEMS + 1, EVENTS),
        gap=rng.integers(0, GAPS, EVENTS),
        opportunity=rng.integers(0, OPPORTUNITIES + 1, EVENTS),
        covariates=rng.normal(size=(EVENTS, len(COVARIATES))),
        pair=rng.integers(0, PAIRS + 1, EVENTS),
    )


def test_rates_are_the_sums_that_the_story_tells():
    one, here = effects(), situations()
    found = rates_of(one, here)
    for event in range(EVENTS):
        skill, gap = one.skill[here.skill[event]], here.gap[event]
        ease = one.item[here.item[event]] + here.covariates[event] @ one.past
        ease += one.pair[here.pair[event]]
        learn = skill[1] + one.gap_learn[gap] + one.opportunity[here.opportunity[event]]
        assert found.prior[event] == skill[0]
        assert found.learn[event] == pytest.approx(learn)
        assert found.forget[event] == pytest.approx(skill[2] + one.gap_forget[gap])
        assert found.guess[event] == pytest.approx(skill[3] + ease)
        assert found.known[event] == pytest.approx(skill[4] + ease)


def test_collecting_is_the_transpose_of_summing():
    rng = np.random.default_rng(3)
    slopes = Slopes(*rng.normal(size=(5, EVENTS)), rng.normal(size=(2, 5)))
    here = situations()._replace(item=np.full(EVENTS, 1), pair=np.full(EVENTS, 2))
    found = collected(slopes, here, CHAINS, effects())
    one = effects(seed=9)
    forward = rates_of(one, here)
    along = sum(float(s @ r) for s, r in zip(slopes[:5], forward[:5], strict=True))
    back = sum(
        float((getattr(found, name) * getattr(one, name)).sum())
        for name in Effects._fields
        if name != "loadings"
    )
    assert back == pytest.approx(along)
    np.testing.assert_allclose(found.loadings, slopes.loadings)
