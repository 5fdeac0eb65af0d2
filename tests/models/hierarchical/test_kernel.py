"""The fused kernel against sums over hidden paths, finite differences, and the family's kernel."""

import numpy as np
import pytest

from engine.ability import Rates, grid
from engine.tables import Indexed, Tables
from models.counts import count
from models.division import divided
from models.hierarchical.kernel import Chains, marginals

CHAINS = Chains(
    students=np.array([0, 2, 3]),
    starts=np.array([0, 3, 5, 9]),
    correct=np.array([1.0, 0.0, 1.0, 1.0, 0.3, 0.0, 0.0, 1.0, 1.0]),
    skill=np.array([0, 1, 1]),
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
    chains = Chains(np.array([0, 1]), np.array([0, events]), np.ones(events), np.array([0]))
    levels = np.outer([0.0, -2.0, -20.0, -1.5, 3.0], np.ones(events))
    found = marginals(chains, Rates(*levels, np.zeros((1, 5))), *grid(33))
    assert np.isfinite(found.log_likelihood).all()
    assert all(np.isfinite(slope).all() for slope in found.slopes)
