"""Intervals of members with rows: over many simulated skills they cover the truth as often as said.

Every skill is a world of its own with the same truth: rows that lie a third below, at and above
their average. So one fit of many skills is as many simulations.
"""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine.contexts import gap_classes, record_classes
from engine.parameters import FORGET, GUESS, LEARN, PARAMETER_NAMES, PRIOR, SLIP
from models import BKT

SKILLS, STUDENTS, RESPONSES = 150, 300, 10
AVERAGE = np.array([0.35, 0.12, 0.0, 0.2, 0.12])
FORGETTING = 0.06
OTHERS = np.array([-0.35, 0.0, 0.35])  # of three rows, from the average
WARM_UP = 5  # answers to another skill, which make the record that `priors` goes by
OWN = {
    "items": (GUESS, SLIP),
    "resources": (LEARN,),
    "item_order": (LEARN,),
    "priors": (PRIOR,),
    "gaps": (FORGET,),
}
every_option = pytest.mark.parametrize("option", OWN)


def keys_of(option, rng):
    """Which of three rows every response reads, [response, student]; and the table's columns."""
    shape = RESPONSES, SKILLS * STUDENTS
    item, activity = rng.integers(0, 3, shape), rng.integers(0, 2, shape)
    gap = 10.0 ** rng.uniform(1.0, 6.2, shape)
    row = {
        "items": item,
        "resources": 2 * np.roll(activity, 1, axis=0),
        "item_order": np.where(np.roll(item, 1, axis=0) == item, 0, 2),
        "gaps": np.minimum(gap_classes(gap) // 2, 2),
    }
    columns = {"item": item, "activity": activity}
    if option == "gaps":
        columns["time"] = np.cumsum(gap, axis=0)
    return row.get(option, np.ones(shape, dtype=int)), columns


def answers(option, row, prior, rng):
    """What students whose rates are as `row` says answer, [response, student]."""

    def rate(parameter, at):
        rate = FORGETTING if option == "gaps" and parameter == FORGET else AVERAGE[parameter]
        return rate * (1.0 + OTHERS[row[at]]) if parameter in OWN[option] else rate

    known, found = rng.random(len(prior)) < prior, []
    for at in range(RESPONSES):
        if at:
            chance = rng.random(len(prior))
            known = np.where(known, chance >= rate(FORGET, at), chance < rate(LEARN, at))
        right = np.where(known, 1.0 - rate(SLIP, at), rate(GUESS, at))
        found.append(rng.random(len(prior)) < right)
    return np.array(found, dtype=int)


def table(student, skill, correct, **columns):
    of_student = {"student": student, "skill": skill}
    laid = {name: np.broadcast_to(one, correct.shape).ravel() for name, one in of_student.items()}
    own = {name: values.ravel() for name, values in columns.items()}
    return pd.DataFrame({**laid, "correct": correct.ravel(), **own})


@cache
def fitted(option):
    """The fit of all skills, and the average of each parameter over the responses."""
    rng = np.random.default_rng(3)
    student = np.arange(SKILLS * STUDENTS)
    skill = student // STUDENTS
    row, columns = keys_of(option, rng)
    prior, before = np.full(len(student), AVERAGE[PRIOR]), []
    if option == "priors":
        right = rng.integers(0, WARM_UP + 1, len(student))
        of_class = AVERAGE[PRIOR] * (1.0 + np.array([0.0, *OTHERS]))
        prior = of_class[record_classes(right, np.full(len(student), WARM_UP))]
        warm = (right > np.arange(WARM_UP)[:, None]).astype(int)
        before = [table(student, skill + SKILLS, warm)]
    after = table(student, skill, answers(option, row, prior, rng), **columns)
    events = pd.concat([*before, after], ignore_index=True)
    truth = AVERAGE.copy()
    truth[PRIOR], truth[FORGET] = prior.mean(), FORGETTING if option == "gaps" else 0.0
    shifted = [one for one in OWN[option] if one != PRIOR]
    truth[shifted] *= 1.0 + OTHERS[row[1:]].mean()
    return BKT(map=False, **{option: True}).fit(events), truth


@cache
def distances(option):
    """How many standard errors each skill's parameters lie from the truth, in logits."""
    model, truth = fitted(option)
    estimates = [model.bundle.skills[str(skill)] for skill in range(SKILLS)]
    free = truth > 0.0
    found, target = np.array([one.parameters for one in estimates])[:, free], truth[free]
    spread = np.sqrt([np.diag(one.covariance)[free] for one in estimates])
    known = spread > 0.0  # what a skill's data leave open has no interval
    assert known.mean() > 0.97
    logits = np.log(found / (1.0 - found)) - np.log(target / (1.0 - target))
    return np.where(known, logits / np.where(known, spread, 1.0), np.nan)


@every_option
def test_ninety_percent_intervals_cover_the_truth_nine_times_in_ten(option):
    distance = distances(option)
    assert 0.85 <= (np.abs(distance) <= 1.645)[np.isfinite(distance)].mean() <= 0.95


@every_option
def test_every_parameter_is_recovered_within_its_own_standard_errors(option):
    distance = distances(option)
    assert np.sqrt(np.nanmean(distance**2, axis=0)).min() > 0.8
    assert np.sqrt(np.nanmean(distance**2, axis=0)).max() < 1.25
    assert np.abs(np.nanmean(distance, axis=0)).max() < 0.4


@every_option
def test_rows_are_recovered_in_their_order(option):
    model, _ = fitted(option)
    name = PARAMETER_NAMES[OWN[option][0]]
    rows = model.rows[
        (model.rows["parameter"] == name) & (model.rows["skill"].astype(int) < SKILLS)
    ]
    middle = rows.groupby("key")["value"].median().sort_values()
    average = AVERAGE[OWN[option][0]] or FORGETTING
    assert middle.iloc[0] == pytest.approx(average * 0.65, rel=0.2)
    assert middle.iloc[-1] == pytest.approx(average * 1.35, rel=0.2)
