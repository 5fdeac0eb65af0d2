"""The fused kernel against sums over hidden paths, finite differences, and the family's kernel."""

import numpy as np
import pytest

from engine.ability import Rates, follow, grid
from engine.tables import Indexed, Tables
from engine.touches import Combining, alone, touches_of
from models.counts import count
from models.division import divided
from models.hierarchical.kernel import marginals
from models.hierarchical.responses import chained

_, CHAINS = chained(
    alone(np.array([0, 5, 9]), np.array([0, 0, 0, 1, 1, 1, 1, 1, 1])),
    np.array([1.0, 0.0, 1.0, 1.0, 0.3, 0.0, 0.0, 1.0, 1.0]),
)
ABILITIES, WEIGHTS = grid(5)


def rates(seed=0):
    rng = np.random.default_rng(seed)
    return Rates(*rng.normal(size=(5, 9)), rng.normal(size=(2, 5)))


def total(one):
    return marginals(CHAINS, one, ABILITIES, WEIGHTS).log_likelihood.sum()


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def by_the_family(one):
    """The same likelihood from tables with a row for every response, [event, node]."""
    skill = np.repeat(CHAINS.skill, np.diff(CHAINS.starts))
    load = one.loadings[skill][:, :, None] * ABILITIES
    columns = (one.prior, one.learn, one.forget, one.guess, -one.known)
    signs = (1.0, 1.0, 1.0, 1.0, -1.0)
    tables = Tables(
        *(
            np.ascontiguousarray(sigmoid(logit[:, None] + sign * load[:, p]))
            for p, (logit, sign) in enumerate(zip(columns, signs, strict=True))
        )
    )
    rows = np.arange(9)
    indexed = Indexed(CHAINS.starts, CHAINS.correct, CHAINS.starts[:-1], rows, rows)
    return count(indexed, divided(indexed, CHAINS.students), tables, WEIGHTS[None])


def test_it_is_the_marginal_of_the_family_over_the_nodes():
    found, expected = marginals(CHAINS, rates(), ABILITIES, WEIGHTS), by_the_family(rates())
    np.testing.assert_allclose(found.log_likelihood, expected.log_likelihood, atol=1e-12)
    np.testing.assert_allclose(found.posterior, expected.posterior, atol=1e-12)


@pytest.mark.parametrize("name", ["prior", "learn", "forget", "guess", "known"])
def test_slopes_are_finite_differences(name):
    one, step = rates(), 1e-6
    found = getattr(marginals(CHAINS, one, ABILITIES, WEIGHTS).slopes, name)
    for event in range(9):
        moved = [getattr(one, name).copy() for _ in range(2)]
        moved[0][event] += step
        moved[1][event] -= step
        up, down = (total(one._replace(**{name: value})) for value in moved)
        assert found[event] == pytest.approx((up - down) / (2 * step), abs=1e-7)


def test_slopes_of_loadings_are_finite_differences():
    one, step = rates(), 1e-6
    by_chain = marginals(CHAINS, one, ABILITIES, WEIGHTS).slopes.loadings
    found = np.stack([by_chain[0], by_chain[1] + by_chain[2]])
    for place in np.ndindex(2, 5):
        moved = [one.loadings.copy() for _ in range(2)]
        moved[0][place] += step
        moved[1][place] -= step
        up, down = (total(one._replace(loadings=value)) for value in moved)
        assert found[place] == pytest.approx((up - down) / (2 * step), abs=1e-7)


def test_a_history_of_thousands_of_right_answers_keeps_its_slopes():
    events = 7_000
    one = alone(np.array([0, events]), np.zeros(events, dtype=int))
    _, chains = chained(one, np.ones(events))
    levels = np.outer([0.0, -2.0, -20.0, -1.5, 3.0], np.ones(events))
    found = marginals(chains, Rates(*levels, np.zeros((1, 5))), *grid(33))
    assert np.isfinite(found.log_likelihood).all()
    assert all(np.isfinite(slope).all() for slope in found.slopes)


TOGETHER = (
    Combining(1.0),
    Combining(0.6),
    Combining(0.0),
    Combining(0.0, True),
    Combining(0.4, True),
)
SKILLS = ("a~~b", "a", "b", "a~~b~~c", "c")
BOTH = np.array([1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0])


def together(combining):
    """Responses of two students: what they touch, the chains, where they lie, their rates."""
    skill = np.array([1, 0, 2, 3, 1, 4, 3, 0, 1])
    touches = touches_of(np.array([0, 5, 9]), skill, SKILLS, combining)
    by_chain, chains = chained(touches, BOTH)
    rng = np.random.default_rng(3)
    one = Rates(*rng.normal(size=(5, len(touches.skill))), rng.normal(size=(5, 5)))
    return touches, chains, by_chain, one


@pytest.mark.parametrize("combining", TOGETHER)
def test_the_likelihood_is_what_the_filter_predicts_one_by_one(combining):
    touches, chains, by_chain, one = together(combining)
    timely = [np.empty_like(one.prior) for _ in range(5)]
    for column, chained_column in zip(timely, one[:5], strict=True):
        column[by_chain] = chained_column
    p = follow(touches, BOTH, Rates(*timely, one.loadings), nodes=5).p_correct
    seen = np.log(np.where(BOTH == 1.0, p, 1.0 - p))
    found = marginals(chains, one, ABILITIES, WEIGHTS).log_likelihood
    np.testing.assert_allclose(found, [seen[:5].sum(), seen[5:].sum()], atol=1e-12)


@pytest.mark.parametrize("combining", TOGETHER)
def test_slopes_are_finite_differences_where_answers_touch_several_skills(combining):
    _, chains, _, one = together(combining)
    slopes, step = marginals(chains, one, ABILITIES, WEIGHTS).slopes, 1e-6
    for name in ("prior", "learn", "forget", "guess", "known"):
        for touch in range(len(one.prior)):
            ends = []
            for way in (step, -step):
                moved = getattr(one, name).copy()
                moved[touch] += way
                there = marginals(chains, one._replace(**{name: moved}), ABILITIES, WEIGHTS)
                ends.append(there.log_likelihood.sum())
            numeric = (ends[0] - ends[1]) / (2 * step)
            assert getattr(slopes, name)[touch] == pytest.approx(numeric, abs=1e-7)
