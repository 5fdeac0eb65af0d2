import numpy as np
import pytest

from models.ascent import Ascent
from models.items import indexed_by_item, rows_for
from models.objective import objective
from models.sequences import sequences_of

GOALS = [(m, f) for m in (True, False) for f in (True, False)]


def ascent(events, goal):
    sequences = sequences_of(events)
    indexed, items = indexed_by_item(sequences, events["item"])
    skills = np.tile([0.4, 0.1, 0.05 * goal.free[2], 0.2, 0.1], (len(sequences.skills), 1))
    rows = rows_for(items, goal, skills)
    start = np.concatenate([*skills[:, :3].T, *skills[items.skill][:, 3:].T])
    return Ascent(indexed, rows), start


@pytest.mark.parametrize(("map_estimate", "forgets"), GOALS)
def test_no_em_step_lowers_the_objective(events, map_estimate, forgets):
    climb, start = ascent(events, objective(map_estimate=map_estimate, forgets=forgets))
    everything = np.arange(climb.skills)
    here = climb.at(climb.logits(start), everything)
    for _ in range(15):
        step = climb.at(here.onward, everything)
        assert (step.height >= here.height - 1e-9).all()
        here = step


@pytest.mark.parametrize(("map_estimate", "forgets"), GOALS)
def test_the_gradient_equals_finite_differences(events, map_estimate, forgets):
    climb, start = ascent(events, objective(map_estimate=map_estimate, forgets=forgets))
    logits, everything = climb.logits(start), np.arange(climb.skills)
    alone = np.arange(5).repeat(climb.rows.sizes)
    found = climb.slopes(logits, alone)
    for table in range(5):
        shift = 1e-5 * ((alone == table) & climb.rows.free)
        high, low = (climb.at(logits + sign * shift, everything).height for sign in (1, -1))
        np.testing.assert_allclose(found[:, table], (high - low) / 2e-5, atol=1e-3)


def test_the_top_is_no_lower_than_plain_em_gets(events):
    climb, start = ascent(events, objective(map_estimate=True, forgets=False))
    everything = np.arange(climb.skills)
    values, arrived = climb.climb(start)
    top = climb.at(climb.logits(values), everything).height
    here = climb.at(climb.logits(start), everything)
    for _ in range(200):
        here = climb.at(here.onward, everything)
    assert arrived.all()
    assert (top >= here.height - 1e-3).all()
