"""Fitting and tracing the hierarchical model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.ability import follow
from engine.bundle import Bundle
from engine.doubt import follow_intervals
from engine.effects import rates_of
from engine.errors import InvalidInput
from engine.hierarchy import Hierarchy

from .building import bundle_of, hierarchy_of
from .inference import facts_of, infer
from .ingredients import Ingredients
from .responses import Laid, gaps_of, laid_out
from .story import shape_of

DRIFT = 0.0
"""P(ability moves to a neighbouring node) between two answers. On held-out training students of
three real sets no drift predicts best once recent answers count (`engine.history`)."""
EDGE = 0.5  # answers, right and wrong, that stand beside those of a course for its average


def fit_hierarchical(
    events: pd.DataFrame,
    *,
    name: str,
    ingredients: Ingredients,
    inference: str = "map",
    seed: int = 0,
) -> Bundle:
    """The bundle of a fit. Raises `InvalidInput` naming what is missing or unusable."""
    if len(events) == 0:
        raise InvalidInput.at("events", "no rows", "at least one response")
    gaps = gaps_of(events)
    average = average_of(events)
    laid = laid_out(
        events, average=average, gaps=gaps, items=ingredients.items, combining=ingredients.combining
    )
    shape = shape_of(laid, gaps, ingredients)
    found = infer(laid, shape, method=inference, seed=seed)
    hierarchy = hierarchy_of(
        found, laid, shape, average=average, combining=ingredients.combining, drift=DRIFT, seed=seed
    )
    facts = {
        "events": len(events),
        "students": laid.students,
        "skills": len(laid.skills),
        "items": len(laid.items),
        **facts_of(found),
        "seed": seed,
    }
    return bundle_of(name, hierarchy, laid, facts)


def average_of(events: pd.DataFrame) -> float:
    """The share of right answers, never 0 or 1."""
    correct = pd.to_numeric(events["correct"], errors="coerce").to_numpy(dtype=np.float64)
    return float((np.nansum(correct) + EDGE) / (len(correct) + 2.0 * EDGE))


def trace_hierarchical(
    events: pd.DataFrame, hierarchy: Hierarchy, *, intervals: bool, smoothed: bool = False
) -> dict[str, Any]:
    """Columns of `BKT.trace`, in the order of the table."""
    if smoothed:
        raise InvalidInput.at("smoothed", "True", "False: this model has no smoothing yet")
    laid = laid_out(
        events, average=hierarchy.average, gaps=hierarchy.gaps, combining=hierarchy.combining
    )
    found = followed(laid, hierarchy, 0)
    columns: dict[str, Any] = {"p_correct": found.p_correct, "p_mastery": found.p_mastery}
    if intervals:
        sets = [
            rates_of(hierarchy.effects(n, laid.skills, laid.items, laid.pairs), laid.situations)
            for n in range(1, hierarchy.sets)
        ]
        low, high = follow_intervals(
            laid.touches,
            laid.history.correct,
            sets,
            nodes=hierarchy.nodes,
            drift=hierarchy.drift,
        )
        lead = laid.touches.lead
        columns["p_mastery_low"] = np.minimum(low[lead], found.p_mastery)
        columns["p_mastery_high"] = np.maximum(high[lead], found.p_mastery)
    columns["pooled"] = _pooled(laid, hierarchy)
    return _in_table_order(columns, laid)


def followed(laid: Laid, hierarchy: Hierarchy, number: int) -> Any:
    """The filter under one set of effects, in the order of the history."""
    effects = hierarchy.effects(number, laid.skills, laid.items, laid.pairs)
    return follow(
        laid.touches,
        laid.history.correct,
        rates_of(effects, laid.situations),
        nodes=hierarchy.nodes,
        drift=hierarchy.drift,
    )


def _pooled(laid: Laid, hierarchy: Hierarchy) -> Any:
    """Where an average stands in for a skill or an item that the model never saw, [event]."""
    skills = np.array([name not in hierarchy.row_of for name in laid.skills], dtype=np.bool_)
    items = np.array([name not in hierarchy.place_of for name in laid.items], dtype=np.bool_)
    unknown = np.append(items, bool(hierarchy.items))  # a response without an item
    return skills[laid.history.skill] | unknown[laid.situations.item[laid.touches.lead]]


def _in_table_order(columns: dict[str, Any], laid: Laid) -> dict[str, Any]:
    found = {}
    for name, values in columns.items():
        found[name] = np.empty_like(values)
        found[name][laid.order] = values
    return found
