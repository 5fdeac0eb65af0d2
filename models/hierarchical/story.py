"""The hierarchical model as the story of how responses come about, told in Pyro.

    population   the average skill; what ability, practice, gaps and the past add
    skill        differs from the average; a combination differs from the mean of its single skills
    item         is easier or harder than its skill's average
    pair         a skill is easier or harder right after another, by how that went
    student      has an ability, the same in every skill, summed out by the kernel

Every effect is a standard normal number times its group's scale (a non-centred parametrisation,
Papaspiliopoulos, Roberts & Sköld 2007), and the scales are learnt. Hidden states and abilities
are summed out exactly by the kernel, whose log-likelihood joins as a factor.

What mastery means is the same for everybody. The logits of guess and known are −exp(·) and
exp(·): on a skill's average item guess and slip of the average student stay below one half. Item,
past and pair shift both alike, and ability moves the guess alone, never so far that guess + slip
reaches 1 anywhere on the grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyro
import pyro.distributions as dist
import torch
from torch import Tensor

from engine.ability import REACH
from engine.effects import OPPORTUNITIES, Situations
from engine.hierarchy import gap_count
from engine.history import COVARIATES, Parts
from engine.tables import Floats

from .chains import Chains
from .ingredients import Ingredients
from .marginal import TorchEffects, marginal
from .responses import Laid

CENTRE = {"population": (-0.5, -2.0, -3.5, 0.4, 1.2), "loading": (0.8, 0.3, -0.2, -0.5)}
SPREAD = {"population": (0.5, 0.5, 0.2, 0.3, 0.05), "loading": (1.0, 1.0, 1.0, 1.0)}
"""The average skill before any data: prior .38, learn .12, forget .03; the last two are logarithms
of the logits −logit(guess) and logit(1 − slip), so guess .18 and slip .04. Forgetting, guesses and
slips are the exception by more than data can say: what mastery means is given rather than learnt.
On held-out training students of three real sets that costs no accuracy, and after "secure" more of
the next answers are right.
Loadings: on prior, learn and forget; the last is the logit of the share that ability on guess has
of the most it may be."""
NEVER = -20.0  # the logit of forgetting where nothing is forgotten
SLACK = 0.5
"""Standard deviation of what a gap or an opportunity adds, in logits."""


@dataclass(frozen=True)
class Scales:
    """How much the effects of a group differ, in logits: the shrinkage.

    single, combination  [5] of prior, learn, forget, log guess, log known
    sensitivity          of skills to ability, on its logit
    item, past, pair     of items' easiness; of the weights of the past; of pairs' easiness

    Numbers, or tensors where scales are drawn like everything else.
    """

    single: Any = (1.0, 0.4, 0.3, 0.2, 0.2)
    combination: Any = (0.7, 0.3, 0.2, 0.15, 0.15)
    sensitivity: Any = 0.5
    item: Any = 0.6
    past: Any = 0.4
    pair: Any = 0.2


@dataclass(frozen=True)
class Shape:
    """How many effects there are, and which skill consists of which single ones."""

    parts: Parts
    items: int
    pairs: int
    gaps: str
    ingredients: Ingredients

    @property
    def skills(self) -> int:
        return len(self.parts.starts) - 1

    @property
    def sites(self) -> dict[str, tuple[int, ...]]:
        """The shape of every group of effects."""
        return {
            "population": (5,),
            "loading": (4,),
            "past": (len(COVARIATES),),
            "gap_learn": (gap_count(self.gaps),),
            "gap_forget": (gap_count(self.gaps),),
            "opportunity": (OPPORTUNITIES + 1,),
            "single": (self.parts.singles, 5),
            "combination": (self.skills, 5),
            "sensitivity": (self.skills,),
            "pair": (self.pairs,),
            "item": (self.items,),
        }

    @property
    def joined(self) -> Floats:
        """1 for a combination, 0 for a single skill, [skill]."""
        return (np.diff(self.parts.starts) > 1).astype(np.float64)


Values = Mapping[str, Tensor]


def shape_of(laid: Laid, gaps: str, ingredients: Ingredients) -> Shape:
    """The shape of the effects that these responses need."""
    return Shape(laid.parts, len(laid.items), len(laid.pairs), gaps, ingredients)


def effects_of(values: Values, scales: Scales, shape: Shape) -> TorchEffects:
    """The effects, from standard normal values of every site."""
    use = shape.ingredients
    skill = _logits(_skills(_about("population", values), values, scales, shape), use)
    sensitivity = values["sensitivity"] * scales.sensitivity
    gap, nobody = SLACK * float(use.gaps), torch.zeros(1, dtype=torch.float64)
    return TorchEffects(
        skill=skill,
        loadings=_loadings(_about("loading", values), skill, sensitivity) * float(use.ability),
        item=torch.cat([values["item"] * scales.item * float(use.items), nobody]),
        past=values["past"] * scales.past * float(use.history),
        gap_learn=values["gap_learn"] * gap,
        gap_forget=values["gap_forget"] * gap,
        opportunity=values["opportunity"] * SLACK,
        pair=torch.cat([values["pair"] * scales.pair * float(use.history), nobody]),
    )


def average_skill(
    values: Values, scales: Scales, shape: Shape, beside: Tensor, sensitivity: Tensor
) -> tuple[Tensor, Tensor]:
    """Logits and loadings, [5], of a skill that differs from the average by so many scales."""
    own = _about("population", values) + beside * _tensor(scales.single)
    skill = _logits(own[None], shape.ingredients)
    load = _loadings(_about("loading", values), skill, sensitivity * scales.sensitivity)
    return skill[0], load[0] * float(shape.ingredients.ability)


def _logits(own: Tensor, use: Ingredients) -> Tensor:
    """The logits of skills from their effects, [skill, 5]: guess below 0, known above."""
    prior, learn, forget, guess, known = own.unbind(1)
    if not use.forgets:
        forget = torch.full_like(forget, NEVER)
    return torch.stack([prior, learn, forget, -guess.exp(), known.exp()], dim=1)


def _about(site: str, values: Values) -> Tensor:
    """A site's effects: its centre, and its values times its spread."""
    centre, spread = (torch.tensor(of[site], dtype=torch.float64) for of in (CENTRE, SPREAD))
    return centre + spread * values[site]


def _skills(population: Tensor, values: Values, scales: Scales, shape: Shape) -> Tensor:
    """Effects of every skill, [skill, 5]: single ones their own, combinations the mean of theirs
    and what they have beside it."""
    starts, part = shape.parts
    sizes = np.diff(starts)
    of = torch.from_numpy(np.repeat(np.arange(shape.skills), sizes))
    single = values["single"] * _tensor(scales.single)
    total = torch.zeros(shape.skills, 5, dtype=torch.float64)
    mean = total.index_add(0, of, single[torch.from_numpy(part)]) / torch.from_numpy(sizes)[:, None]
    beside = values["combination"] * _tensor(scales.combination)
    own = torch.from_numpy(shape.joined)[:, None] * float(shape.ingredients.combinations)
    return population + mean + beside * own


def _loadings(loading: Tensor, skill: Tensor, sensitivity: Tensor) -> Tensor:
    """What a standard deviation of ability adds, [skill, 5]; to guess less than it lacks to known
    at the end of the grid, and nothing to known."""
    most = (skill[:, 4] - skill[:, 3]) / REACH
    prior, learn, forget, share = loading
    same = torch.ones_like(most)
    guess = most * torch.sigmoid(share + sensitivity)
    return torch.stack([prior * same, learn * same, forget * same, guess, 0.0 * same], dim=1)


def log_joint(
    values: Values, scales: Scales, shape: Shape, chains: Chains, chained: Situations, nodes: int
) -> Tensor:
    """log P(effects, answers) up to a constant: standard normal effects and the marginal."""
    prior = sum((value**2).sum() for value in values.values())
    effects = effects_of(values, scales, shape)
    return marginal(effects, chains, chained, nodes) - 0.5 * prior


LEARNT_SCALES = 8
"""Scales drawn: of prior and learn (single and combined), sensitivity, item, past, pair."""
SCALE_SPREAD = 0.7  # standard deviation of a scale's logarithm: within a factor of four


def scales_of(value: Tensor, start: Scales | None = None) -> Scales:
    """The scales, from standard normal values: log-normal around those that a fit starts from.

    >>> scales_of(torch.zeros(8, dtype=torch.float64)).item
    tensor(0.6000, dtype=torch.float64)
    """
    start = start or Scales()
    factor = (SCALE_SPREAD * value).exp()
    single, combination = _tensor(start.single), _tensor(start.combination)
    return Scales(
        single=torch.cat([single[:2] * factor[:2], single[2:]]),
        combination=torch.cat([combination[:2] * factor[2:4], combination[2:]]),
        sensitivity=start.sensitivity * factor[4],
        item=start.item * factor[5],
        past=start.past * factor[6],
        pair=start.pair * factor[7],
    )


def responses(
    shape: Shape,
    chains: Chains,
    chained: Situations,
    *,
    nodes: int,
    scales: Scales | None = None,
    share: float = 1.0,
) -> None:
    """Population, skills and items are drawn; then the students' answers come about.

    Without `scales` they are drawn too. `share` is that of the students whose answers are given:
    their likelihood counts for all.
    """
    if scales is None:
        scales = scales_of(_drawn("scale", (LEARNT_SCALES,)))
    values = {site: _drawn(site, size) for site, size in shape.sites.items()}
    effects = effects_of(values, scales, shape)
    pyro.factor("answers", marginal(effects, chains, chained, nodes) / share)


def _drawn(site: str, size: tuple[int, ...]) -> Tensor:
    zero, one = torch.zeros(size, dtype=torch.float64), torch.ones(size, dtype=torch.float64)
    found: Tensor = pyro.sample(site, dist.Normal(zero, one).to_event(len(size)))
    return found


def _tensor(numbers: Any) -> Tensor:
    return torch.as_tensor(numbers, dtype=torch.float64)
