"""Four ways to one posterior: gradient, scores, curvature and draws, side by side."""

import numpy as np
import pyro
import pytest
import torch

from engine.errors import InvalidInput
from models.hierarchical.batches import of_students
from models.hierarchical.fitting import fit_map
from models.hierarchical.inference import infer
from models.hierarchical.ingredients import Ingredients
from models.hierarchical.nuts import by_nuts, effective_draws, sampled, split_r_hat
from models.hierarchical.responses import laid_out
from models.hierarchical.scores import scores_of
from models.hierarchical.story import Scales, log_joint, responses, shape_of
from models.hierarchical.svi import by_svi

from .conftest import school


@pytest.fixture(scope="module")
def laid():
    events = school(students=16, skills=("a", "b", "a~~b"), items=2, responses=6, seed=4)
    return laid_out(events, average=0.6, gaps="time")


@pytest.fixture(scope="module")
def shape(laid):
    return shape_of(laid, "time", Ingredients())


@pytest.fixture(scope="module")
def top(laid, shape):
    return fit_map(laid, shape)


def slopes(laid, shape, top, students=None):
    """Derivatives of the log joint at the top, by site."""
    chains, chained = laid.chains, laid.chained
    if students is not None:
        chains, chained = of_students(chains, chained, np.asarray(students))
    z = {name: torch.tensor(v, requires_grad=True) for name, v in top.values.items()}
    log_joint(z, top.scales, shape, chains, chained, top.nodes).backward()
    return {name: v.grad.numpy() for name, v in z.items()}


def test_the_gradient_of_the_pyro_log_joint_vanishes_at_the_top(laid, shape, top):
    values = {name: torch.tensor(v, requires_grad=True) for name, v in top.values.items()}
    story = pyro.condition(responses, data=values)
    trace = pyro.poutine.trace(story).get_trace(
        shape, laid.chains, laid.chained, nodes=top.nodes, scales=top.scales
    )
    trace.log_prob_sum().backward()
    errors = {name: np.sqrt(1.0 + top.information[name]) for name in values}
    worst = max(np.abs(v.grad.numpy() / errors[n]).max() for n, v in values.items() if v.numel())
    assert worst < 0.05
    assert trace.log_prob_sum().item() == pytest.approx(
        top.objective[-1] - 0.5 * np.log(2 * np.pi) * sum(v.numel() for v in values.values())
    )


def test_the_objective_never_ends_below_where_it_began(top):
    assert top.objective[-1] > top.objective[0]
    assert top.converged


def test_the_scores_of_students_sum_to_the_slopes(laid, shape, top):
    found = scores_of(top, laid, shape)
    whole = slopes(laid, shape, top)
    expected = np.concatenate([(whole[n] + top.values[n]).ravel() for n in shape.sites])
    summed = found.summed(np.ones((laid.students, 1)))[:, 0]
    np.testing.assert_allclose(summed, expected, atol=1e-8)


def test_a_batch_is_its_students_alone(laid, shape, top):
    parts = [slopes(laid, shape, top, some) for some in (np.arange(7), np.arange(7, 16))]
    whole = slopes(laid, shape, top)
    for name, slope in whole.items():
        both = parts[0][name] + parts[1][name] + top.values[name]  # the priors counted once
        np.testing.assert_allclose(both, slope, atol=1e-8)


@pytest.fixture(scope="module")
def reference(laid, shape, top):
    """Draws from the posterior itself: by site its mean, spread and Monte Carlo error."""
    draws, diverged = sampled(laid, shape, top, seed=0, warm_up=40, kept=80)
    assert diverged == 0
    found = {}
    for site, one in draws.items():
        assert split_r_hat(one).max() < 1.1, site
        spread = one.std(axis=(0, 1))
        error = spread / np.sqrt(effective_draws(one))
        assert (error < 0.25 * spread).all(), site  # or it is no reference
        found[site] = one.mean(axis=(0, 1)), spread, error
    return found


@pytest.fixture(scope="module")
def every_way(laid, shape):
    tops = {name: infer(laid, shape, method=name) for name in ("map", "laplace")}
    return {**tops, "svi": by_svi(laid, shape, steps=300)}


WAYS = {"map": (0.1, 0.8, 1.3), "laplace": (0.1, 0.7, 1.3), "svi": (0.2, 0.6, 1.3)}
"""How far the centre may be from the mean beside Monte Carlo error, in standard deviations, and
what spreads may be of the spread: none of the three is exact."""


@pytest.mark.parametrize("way", WAYS)
def test_centre_and_spread_are_those_of_draws_from_the_posterior(every_way, reference, way):
    found, (apart, narrowest, widest) = every_way[way], WAYS[way]
    assert (found.method, len(found.draws), found.converged) == (way, 20, True)
    for site, (mean, spread, error) in reference.items():
        away = np.abs(found.fitted.values[site] - mean)
        assert (away < apart * spread + 4.0 * error).all(), site
        if site in found.errors:
            continue
        drawn = np.stack([one.values[site] for one in found.draws])
        ratio = np.sqrt(drawn.var(axis=0).mean() / (spread**2).mean())
        assert narrowest < ratio < widest, site


@pytest.mark.parametrize("way", ["map", "laplace"])
def test_errors_of_items_and_pairs_are_those_of_draws_from_the_posterior(
    every_way, top, reference, way
):
    found = every_way[way]
    for site, errors in found.errors.items():
        spread = reference[site][1] * getattr(top.scales, site)
        assert np.sqrt((errors**2).mean() / (spread**2).mean()) == pytest.approx(1.0, abs=0.15)


def test_the_bound_rises_and_stays_below_the_likelihood(laid, every_way):
    found = every_way["svi"]
    first, last = np.mean(found.trail[:30]), np.mean(found.trail[-30:])
    assert np.isfinite(found.trail).all()
    assert last > first
    assert last < found.fitted.log_likelihood / len(laid.order)


def test_a_climb_cut_short_is_named_a_problem(laid, shape):
    short = by_nuts(laid, shape, warm_up=2, kept=8)
    assert not short.converged
    assert "R-hat" in short.problems[0]


def test_nuts_refuses_a_large_course_and_names_the_others():
    events = school(students=20, skills=tuple(f"k{n}" for n in range(60)), responses=40)
    large = laid_out(events, average=0.6, gaps="time")
    with pytest.raises(InvalidInput, match="map, laplace or svi"):
        by_nuts(large, shape_of(large, "time", Ingredients()))


def test_unknown_methods_are_refused(laid, shape):
    with pytest.raises(InvalidInput, match="one of map, laplace, svi, nuts"):
        infer(laid, shape, method="guesswork")


def test_given_scales_are_kept(laid, shape):
    assert fit_map(laid, shape, Scales(item=0.3)).scales.item == 0.3
