"""From the top of the log joint to a bundle: the hierarchy and the parameters it implies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from engine.bundle import Bundle, versioned
from engine.contexts import GAP_CLASSES, LAG_CLASSES, TIME, Contexts
from engine.effects import Situations
from engine.hierarchy import Hierarchy
from engine.parameters import SkillEstimate, SkillParameters
from engine.tables import Floats
from engine.touches import Combining

from .fitting import numbers, tensors
from .inference import Draw, Inferred
from .responses import Laid
from .story import Shape, average_skill, effects_of
from .uncertainty import OWN

SHOWN_DIGITS = 12  # of a parameter: beyond this it is the machine's, not the data's
FLOOR = 1e-12


def hierarchy_of(
    found: Inferred,
    laid: Laid,
    shape: Shape,
    *,
    average: float,
    combining: Combining,
    drift: float,
    seed: int,
) -> Hierarchy:
    """The fitted effects with draws around them."""
    chance = np.random.default_rng((seed, 1))
    estimate = Draw(found.fitted.values, found.fitted.scales)
    sets = [_one_set(estimate, shape, np.zeros(6))]
    sets += [_one_set(draw, shape, chance.standard_normal(6)) for draw in found.draws]
    stacked = {name: np.stack([one[name] for one in sets]) for name in sets[0]}
    items, order = float(shape.ingredients.items), float(shape.ingredients.history)
    return Hierarchy(
        average=average,
        gaps=shape.gaps,
        combining=combining,
        nodes=found.fitted.nodes,
        drift=drift,
        skills=laid.skills,
        items=laid.items,
        item=found.ease("item") * items,
        item_se=found.errors["item"] * items,
        item_spread=found.fitted.scales.item * float(bool(items and laid.items)),
        pairs=laid.pairs,
        pair=found.ease("pair") * order,
        pair_se=found.errors["pair"] * order,
        pair_spread=found.fitted.scales.pair * float(bool(order and len(laid.pairs))),
        **stacked,
    )


def _one_set(draw: Draw, shape: Shape, beside: Floats) -> dict[str, Floats]:
    """One set of effects, with an unseen skill that lies `beside` the average."""
    values = tensors(dict(draw.values))
    with torch.no_grad():
        effects = numbers(effects_of(values, draw.scales, shape))
        unseen = torch.from_numpy(beside[:5]), torch.tensor(beside[5])
        skill, loadings = average_skill(values, draw.scales, shape, *unseen)
    own = {"population": skill.numpy(), "population_loadings": loadings.numpy()}
    return {**{n: v for n, v in effects._asdict().items() if n not in OWN}, **own}


def bundle_of(name: str, hierarchy: Hierarchy, laid: Laid, facts: dict[str, Any]) -> Bundle:
    """The bundle: the hierarchy, and for every skill the classic parameters of the average
    student on an average item, practised as often and after such gaps as was usual."""
    learn, forget = _usual(hierarchy, laid.situations)
    offsets = np.stack([np.zeros_like(learn), learn, forget, np.zeros_like(learn)], axis=1)
    of_skill = hierarchy.skill.copy()
    of_skill[:, :, :4] += offsets[:, None]
    of_average = hierarchy.population.copy()
    of_average[:, :4] += offsets
    responses = np.bincount(laid.history.skill, minlength=len(laid.skills))
    students = np.bincount(laid.chains.skill, minlength=len(laid.skills))
    plain = hierarchy.skill[0, :, 2] + hierarchy.gap_forget[0][:, None]
    skills = {
        skill: replace(
            _estimate(of_skill[:, row]),
            responses=int(responses[row]),
            students=int(students[row]),
            forgets=_by_gap(plain[:, row], hierarchy.gaps),
        )
        for row, skill in enumerate(laid.skills)
    }
    unseen = hierarchy.population[0, 2] + hierarchy.gap_forget[0]
    forgets = _by_gap(unseen, hierarchy.gaps)
    average = replace(_estimate(of_average), forgets=forgets, flags=("pooled",))
    contexts = Contexts(items=bool(hierarchy.items), gaps=hierarchy.gaps)
    return versioned(Bundle(name, skills, average, facts, contexts=contexts, hierarchy=hierarchy))


def _by_gap(logits: Floats, gaps: str) -> dict[str, float]:
    """P(forgotten) after each class of gaps."""
    names = GAP_CLASSES if gaps == TIME else LAG_CLASSES
    rates = (1.0 / (1.0 + np.exp(-logits))).round(SHOWN_DIGITS).tolist()
    return dict(zip(names, rates, strict=True))


def _usual(hierarchy: Hierarchy, situations: Situations) -> tuple[Floats, Floats]:
    """What gaps and opportunities add on average to learn and to forget, [set]."""
    later = situations.opportunity > 0
    gap = np.bincount(situations.gap[later], minlength=hierarchy.gap_learn.shape[1])
    times = np.bincount(situations.opportunity[later], minlength=hierarchy.opportunity.shape[1])
    many = max(int(later.sum()), 1)
    learn = hierarchy.gap_learn @ gap / many + hierarchy.opportunity @ times / many
    return learn, hierarchy.gap_forget @ gap / many


def _estimate(sets: Floats) -> SkillEstimate:
    """The classic parameters of one skill's logits, [set, 5], and how far the draws spread."""
    signed = sets * np.array([1.0, 1.0, 1.0, 1.0, -1.0])  # slip = σ(−known)
    rates = np.clip(1.0 / (1.0 + np.exp(-signed)), FLOOR, 1.0 - FLOOR)
    moved = signed[1:] - signed[0]
    return SkillEstimate(
        parameters=SkillParameters(*rates[0].round(SHOWN_DIGITS).tolist()),
        standard_errors=SkillParameters(*np.sqrt(((rates[1:] - rates[0]) ** 2).mean(0)).tolist()),
        covariance=moved.T @ moved / len(moved),
    )
