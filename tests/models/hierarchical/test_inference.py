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
from models.hierarchical.nuts import by_nuts
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


def test_every_way_gives_the_same_posterior_on_a_small_course(laid, shape):
    found = {name: infer(laid, shape, method=name) for name in ("map", "laplace")}
    found["svi"] = by_svi(laid, shape, steps=150)
    found["nuts"] = by_nuts(laid, shape, warm_up=40, kept=40)
    for name, one in found.items():
        assert one.method == name
        assert len(one.draws) == 20
        assert all(np.isfinite(errors).all() for errors in one.errors.values())
    reference = found["nuts"]
    spread = np.sqrt(
        np.mean(
            [
                (d.values["population"] - reference.fitted.values["population"]) ** 2
                for d in reference.draws
            ],
            axis=0,
        )
    )
    for one in found.values():
        away = one.fitted.values["population"] - reference.fitted.values["population"]
        assert (np.abs(away) < 4.0 * spread).all()
    assert (reference.errors["item"] / found["laplace"].errors["item"]).mean() == pytest.approx(
        1.0, abs=0.3
    )


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
