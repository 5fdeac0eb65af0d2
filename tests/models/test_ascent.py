import numpy as np
import pytest

from engine.contexts import Contexts
from models.ascent import FLAT, Ascent
from models.layout import layout_of
from models.objective import objective
from models.sequences import sequences_of
from models.variants import coordinates_of

GOALS = [(m, f) for m in (True, False) for f in (True, False)]


def ascent(events, goal):
    sequences = sequences_of(events)
    layout = layout_of(sequences, events, Contexts(items=True))
    skills = np.tile([0.4, 0.1, 0.05 * goal.free[2], 0.2, 0.1], (len(sequences.skills), 1))
    coordinates = coordinates_of(layout, goal, skills)
    start = np.concatenate([skills[rows.skill, p] for p, rows in enumerate(layout.rows)])
    climb = Ascent(layout.indexed, sequences.skill_starts, coordinates)
    return climb, climb.at(coordinates.logits(start), np.arange(climb.skills))


@pytest.mark.parametrize(("map_estimate", "forgets"), GOALS)
def test_no_em_step_lowers_the_objective(events, map_estimate, forgets):
    climb, here = ascent(events, objective(map_estimate=map_estimate, forgets=forgets))
    for _ in range(15):
        step = climb.at(here.onward, np.arange(climb.skills))
        assert (step.height >= here.height - 1e-9).all()
        here = step


@pytest.mark.parametrize(("map_estimate", "forgets"), GOALS)
def test_the_gradient_equals_finite_differences(events, map_estimate, forgets):
    climb, here = ascent(events, objective(map_estimate=map_estimate, forgets=forgets))
    everything = np.arange(climb.skills)
    for place in np.flatnonzero(climb.coordinates.free):
        shift = np.zeros(len(here.logits))
        shift[place] = 1e-4
        high, low = (climb.at(here.logits + s * shift, everything).height for s in (1, -1))
        slope = ((high - low) / 2e-4)[climb.coordinates.owner[place]]
        assert here.gradient[place] == pytest.approx(slope, abs=1e-4)


@pytest.mark.parametrize(("map_estimate", "forgets"), GOALS)
def test_at_the_top_no_gradient_is_left_and_plain_em_gets_no_higher(events, map_estimate, forgets):
    climb, here = ascent(events, objective(map_estimate=map_estimate, forgets=forgets))
    start = here.logits
    top, arrived = climb.climb(climb.coordinates.values(start))
    for _ in range(200):
        here = climb.at(here.onward, np.arange(climb.skills))
    assert arrived.all()
    assert climb.steepness(top).max() < FLAT
    # on the way to a bound there is as much left to gain as there is gradient
    assert (top.height >= here.height - FLAT).all()


def test_skills_climb_as_if_they_were_alone(events):
    goal = objective(map_estimate=True, forgets=True)
    climb, here = ascent(events, goal)
    together = climb.climb(climb.coordinates.values(here.logits))[0].height
    for number, skill in enumerate(sorted(set(events["skill"]))):
        one, start = ascent(events[events["skill"] == skill], goal)
        alone = one.climb(one.coordinates.values(start.logits))[0].height
        assert together[number] == pytest.approx(alone[0], abs=1e-6)
