"""Items that came after the fit: how hard they are, learnt from their first answers alone.

Everything else stays as it was fitted. Each new item climbs to the top of its own log posterior,
its prior being how items differ, with the exact gradient of the marginal likelihood.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from engine.ability import grid
from engine.effects import Effects, rates_of
from engine.hierarchy import Hierarchy
from engine.history import Flags
from engine.tables import Floats, Integers

from ..layout import ITEM_COLUMNS
from .collecting import collected
from .information import chain_information
from .kernel import marginals
from .responses import Laid, laid_out

STEPS = 12
LONGEST = 1.0  # logits that an item moves in one step
STILL = 1e-4


def with_newcomers(hierarchy: Hierarchy, events: pd.DataFrame) -> Hierarchy:
    """The hierarchy with every item of `events` that it lacked, and its standard error.

    Students' whole histories belong into `events`: an item is as hard as who answered it says.
    """
    events = _concerned(events, hierarchy)
    if len(events) == 0:
        return hierarchy
    laid = laid_out(
        events, average=hierarchy.average, gaps=hierarchy.gaps, combining=hierarchy.combining
    )
    new = np.array([name not in hierarchy.place_of for name in laid.items], dtype=np.bool_)
    if not new.any() or hierarchy.item_spread <= 0.0:
        return hierarchy
    ease, errors = _climbed(laid, hierarchy, new)
    names = tuple(name for name, is_new in zip(laid.items, new, strict=True) if is_new)
    return replace(
        hierarchy,
        items=(*hierarchy.items, *names),
        item=np.concatenate([hierarchy.item, ease]),
        item_se=np.concatenate([hierarchy.item_se, errors]),
    )


def _concerned(events: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
    """The whole histories of the students who met a new item; others say nothing about it."""
    column = next((events[name] for name in ITEM_COLUMNS if name in events), None)
    if column is None:
        return events.iloc[:0]
    new = column.notna() & ~column.astype(str).isin(hierarchy.items)
    return events[events["student"].isin(events["student"][new].unique())]


def _climbed(laid: Laid, hierarchy: Hierarchy, new: Flags) -> tuple[Floats, Floats]:
    """Easiness and standard errors of the new items, each [new item]."""
    effects, weight = _effects(laid, hierarchy), hierarchy.item_spread**-2
    chained, nodes = laid.chained, grid(hierarchy.nodes)
    at = np.flatnonzero(new)
    information = np.zeros(len(at))
    for _ in range(STEPS):
        slopes = marginals(laid.chains, rates_of(effects, chained), *nodes).slopes
        slope = collected(slopes, chained, laid.chains, effects).item[at]
        information = chain_information(slopes, chained, laid.chains, effects).item[at]
        step = (slope - weight * effects.item[at]) / (information + weight)
        effects = _moved(effects, at, np.clip(step, -LONGEST, LONGEST))
        if np.abs(step).max() < STILL:
            break
    return effects.item[at], 1.0 / np.sqrt(information + weight)


def _effects(laid: Laid, hierarchy: Hierarchy) -> Effects:
    return hierarchy.effects(0, laid.skills, laid.items, laid.pairs)


def _moved(effects: Effects, at: Integers, step: Floats) -> Effects:
    item = effects.item.copy()
    item[at] += step
    return effects._replace(item=item)
