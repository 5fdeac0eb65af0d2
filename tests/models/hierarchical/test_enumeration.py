"""The kernel and the filter against Pyro: the same story with hidden states drawn, not summed out.

Every ability and every hidden state is a sample site that Pyro enumerates in parallel. Nothing is
shared with the kernel but the effects: what a response adds up to is written out here once more.
"""

import numpy as np
import pyro
import pyro.distributions as dist
import pytest
import torch
from pyro.infer import TraceEnum_ELBO, config_enumerate

from engine.ability import follow, grid
from engine.effects import rates_of
from models.hierarchical.fitting import numbers
from models.hierarchical.ingredients import Ingredients
from models.hierarchical.kernel import marginals
from models.hierarchical.marginal import marginal
from models.hierarchical.responses import laid_out
from models.hierarchical.story import Scales, effects_of, shape_of

from .conftest import school

NODES = 5
ABILITIES, WEIGHTS = grid(NODES)


@pytest.fixture(scope="module")
def laid():
    events = school(students=2, skills=("a", "b", "a~~b"), items=2, responses=6, seed=2)
    return laid_out(events, average=0.6, gaps="time")


@pytest.fixture(scope="module")
def values(laid):
    """Standard normal values of every effect, pairs, past and gaps among them, drawn at random."""
    shape, rng = shape_of(laid, "time", Ingredients()), np.random.default_rng(3)
    return {site: torch.from_numpy(rng.normal(size=size)) for site, size in shape.sites.items()}


@pytest.fixture(scope="module")
def effects(laid, values):
    z = {site: value.clone().requires_grad_() for site, value in values.items()}
    return effects_of(z, Scales(), shape_of(laid, "time", Ingredients()))


def logits(effects, situations, event, ability):
    """Prior, learn, forget, guess and known of one response, each over the abilities."""
    at = {name: column[event] for name, column in situations._asdict().items()}
    skill = effects.skill[at["skill"]]
    ease = effects.item[at["item"]] + effects.pair[at["pair"]]
    ease = ease + (torch.from_numpy(at["covariates"]) * effects.past).sum()
    practice = effects.gap_learn[at["gap"]] + effects.opportunity[at["opportunity"]]
    nothing = torch.zeros((), dtype=torch.float64)
    moved = (nothing, practice, effects.gap_forget[at["gap"]], ease, ease)
    loadings = effects.loadings[at["skill"]]
    return [skill[p] + moved[p] + loadings[p] * ability for p in range(5)]


def one_student(effects, laid, first, stop):
    """How one student's answers come about: an ability; skill by skill states, and answers."""
    weights, nodes = torch.from_numpy(WEIGHTS), torch.from_numpy(ABILITIES)
    ability = nodes[pyro.sample("ability", dist.Categorical(weights))]
    skill, correct = laid.history.skill, torch.from_numpy(laid.history.correct)
    for one in np.unique(skill[first:stop]):
        mastered = None
        chain = first + np.flatnonzero(skill[first:stop] == one)
        for event in pyro.markov(chain.tolist()):
            prior, learn, forget, guess, known = logits(effects, laid.situations, event, ability)
            start = prior if mastered is None else torch.where(mastered == 1, -forget, learn)
            mastered = pyro.sample(f"mastered {event}", dist.Bernoulli(logits=start))
            right = torch.where(mastered == 1, known, guess)
            pyro.sample(f"answer {event}", dist.Bernoulli(logits=right), obs=correct[event])


def enumerated(effects, laid, first, stop):
    """log P(answers) of one student and the posterior of every hidden site, by Pyro."""
    story = config_enumerate(one_student, "parallel")
    elbo = TraceEnum_ELBO(max_plate_nesting=0)
    given = effects, laid, first, stop
    likelihood = -elbo.differentiable_loss(story, lambda *_: None, *given)
    return likelihood, elbo.compute_marginals(story, lambda *_: None, *given)


def of_students(laid):
    return list(zip(laid.history.starts[:-1], laid.history.starts[1:], strict=True))


def test_the_marginal_likelihood_and_the_abilities_are_those_that_pyro_enumerates(effects, laid):
    found = marginals(laid.chains, rates_of(numbers(effects), laid.chained), ABILITIES, WEIGHTS)
    for student, (first, stop) in enumerate(of_students(laid)):
        likelihood, sites = enumerated(effects, laid, first, stop)
        assert found.log_likelihood[student] == pytest.approx(likelihood.item(), abs=1e-10)
        abilities = sites["ability"].probs.detach()
        np.testing.assert_allclose(found.posterior[student], abilities, atol=1e-10)


def test_the_filter_predicts_and_believes_what_pyro_enumerates(effects, laid):
    history = laid.history
    rates = rates_of(numbers(effects), laid.situations)
    found = follow(laid.touches, history.correct, rates, nodes=NODES)
    for first, stop in of_students(laid):
        before = 0.0
        for event in range(first, stop):
            likelihood, sites = enumerated(effects, laid, first, event + 1)
            taken = np.exp(likelihood.item() - before)
            before = likelihood.item()
            right = taken if history.correct[event] == 1.0 else 1.0 - taken
            assert found.p_correct[event] == pytest.approx(right, abs=1e-10)
            mastered = sites[f"mastered {event}"].mean.item()
            assert found.p_mastery[event] == pytest.approx(mastered, abs=1e-10)


def test_the_gradient_of_the_kernel_is_that_of_pyro_through_the_enumeration(laid, values):
    shape = shape_of(laid, "time", Ingredients())
    slopes = []
    for road in ("kernel", "pyro"):
        z = {site: value.clone().requires_grad_() for site, value in values.items()}
        effects = effects_of(z, Scales(), shape)
        if road == "kernel":
            total = marginal(effects, laid.chains, laid.chained, NODES)
        else:
            total = sum(enumerated(effects, laid, *ends)[0] for ends in of_students(laid))
        total.backward()
        slopes.append({site: one.grad for site, one in z.items() if one.grad is not None})
    for site, slope in slopes[0].items():
        np.testing.assert_allclose(slope, slopes[1][site], atol=1e-9, err_msg=site)
