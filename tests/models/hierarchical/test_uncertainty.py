"""Draws around the top: against inverses of whole matrices, and against every student alone."""

import numpy as np
import pytest
import torch

from models.hierarchical.batches import of_students
from models.hierarchical.fitting import fit_map, tensors
from models.hierarchical.ingredients import Ingredients
from models.hierarchical.marginal import marginal
from models.hierarchical.responses import laid_out
from models.hierarchical.scores import Scores, scores_of
from models.hierarchical.story import effects_of, shape_of
from models.hierarchical.uncertainty import drawn, posterior_draws

from .conftest import school

INGREDIENTS = [Ingredients(), Ingredients(forgets=False, history=False, combinations=False)]


def dense(scores):
    return scores.along(np.eye(scores.size))


def fitted(ingredients, students=12):
    events = school(students=students, skills=("a", "b", "a~~b"), items=2, responses=5, seed=6)
    laid = laid_out(events, average=0.6, gaps="time")
    shape = shape_of(laid, "time", ingredients)
    return fit_map(laid, shape), laid, shape


@pytest.mark.parametrize("ingredients", INGREDIENTS, ids=["everything", "less"])
def test_a_score_is_the_slope_of_the_likelihood_of_one_student(ingredients):
    top, laid, shape = fitted(ingredients)
    found = dense(scores_of(top, laid, shape))
    for student in range(laid.students):
        chains, chained = of_students(laid.chains, laid.chained, np.array([student]))
        z = {name: one.clone().requires_grad_() for name, one in tensors(top.values).items()}
        marginal(effects_of(z, top.scales, shape), chains, chained, top.nodes).backward()
        slopes = [one.grad if one.grad is not None else torch.zeros_like(one) for one in z.values()]
        expected = np.concatenate([slope.numpy().ravel() for slope in slopes])
        np.testing.assert_allclose(found[student], expected, atol=1e-9)


def some_scores(students=30, effects=8):
    rng = np.random.default_rng(1)
    rows = [rng.choice(effects, size=rng.integers(1, 6), replace=False) for _ in range(students)]
    starts = np.cumsum([0, *(len(row) for row in rows)])
    column = np.concatenate(rows)
    return Scores(starts, column, rng.normal(0.0, 0.6, len(column)), effects)


def test_draws_spread_and_lean_together_as_the_inverse_of_the_precision_says():
    scores = some_scores()
    whole = dense(scores)
    covariance = np.linalg.inv(np.eye(scores.size) + whole.T @ whole)
    draws, variances = posterior_draws(scores, 40_000, seed=0)
    spread = np.sqrt(np.diag(covariance))
    apart = (np.cov(draws.T, bias=True) - covariance) / np.outer(spread, spread)
    assert np.abs(apart).max() < 4.5 * np.sqrt(2.0 / 20_000)  # 20,000 independent pairs
    np.testing.assert_allclose(variances, np.diag(covariance), rtol=0.02)


def test_the_middle_of_the_draws_is_the_top():
    draws, _ = posterior_draws(some_scores(), 20, seed=0)
    np.testing.assert_allclose(draws.sum(axis=0), 0.0, atol=1e-12)


def test_few_draws_still_know_every_variance_of_what_was_met_rarely():
    scores = some_scores()
    whole = dense(scores)
    expected = np.diag(np.linalg.inv(np.eye(scores.size) + whole.T @ whole))
    _, variances = posterior_draws(scores, 20, seed=3)
    np.testing.assert_allclose(variances, expected, rtol=0.3)


def test_no_effect_is_surer_than_given_all_others_or_less_sure_than_its_prior():
    top, laid, shape = fitted(Ingredients())
    draws, errors = drawn(top, laid, shape)
    information = scores_of(top, laid, shape).information()
    alone = 1.0 / np.sqrt(1.0 + information)
    at = 0
    for site, size in shape.sites.items():
        width = int(np.prod(size))
        if site in errors:
            own = errors[site] / getattr(top.scales, site)
            assert (own >= alone[at : at + width] - 1e-12).all()
            assert (own < 1.3).all()
        else:
            assert all(one[site].shape == size for one in draws)
        at += width
