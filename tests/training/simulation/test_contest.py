"""Policies compared: the same students, rows that add up, and anybody's own policy or world."""

import numpy as np
import pytest

from data.worlds import WORLDS
from engine.errors import InvalidInput
from training.simulation import pilots
from training.simulation.contest import contest, play
from training.simulation.pilots import fit_pilot
from training.simulation.plugging import POLICIES, policy_of, world_of


@pytest.fixture(scope="module")
def small():
    """A world and the model of a small pilot."""
    world = WORLDS["matched"](1)
    return world, fit_pilot(world, seed=7, students=80)


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_chooses_what_can_be_done_and_the_same_each_time(small, name):
    world, fitted = small

    def checked(policy):
        def choose(situation):
            found = policy(situation)
            assert situation.candidates[np.arange(situation.students), found].all()
            return found

        return choose

    for make in POLICIES[name].values():
        first = play(world, checked(make()), fitted, students=4, seed=2)
        second = play(world, make(), fitted, students=4, seed=2)
        np.testing.assert_array_equal(first.held, second.held)


def test_the_oracle_beats_the_rule_and_the_rule_beats_chance(small):
    world, fitted = small
    held = {}
    for name in ("random", "auto", "oracle"):
        make = next(iter(POLICIES[name].values()))
        held[name] = play(world, make(), fitted, students=40, seed=2).held.mean()
    assert held["random"] < held["auto"] < held["oracle"]


def test_a_row_says_what_the_outcomes_say(monkeypatch):
    monkeypatch.setattr(pilots, "STUDENTS", 60)
    policies = {name: POLICIES[name] for name in ("random", "bkt", "oracle")}
    played = contest(WORLDS["matched"], policies, students=10, courses=2, seed=1)
    rows = {name: played.row("matched", name) for name in policies}
    assert rows["bkt"]["regret_closed"] == 0.0
    assert rows["oracle"]["regret_closed"] == pytest.approx(1.0)
    assert rows["bkt"]["lowest_quarter"] == rows["bkt"]["highest_quarter"] == 0.0
    found = played.outcomes["random", ""].held
    assert rows["random"]["held"] == pytest.approx(found.mean())
    assert rows["random"]["held_se"] == pytest.approx(found.std(ddof=1) / np.sqrt(10))


def test_a_policy_and_a_world_from_outside_are_taken_by_name(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "from data.worlds import WORLDS\n"
        "World = WORLDS['matched']\n"
        "def choose(situation):\n"
        "    return situation.candidates.argmax(axis=1)\n"
    )
    monkeypatch.chdir(tmp_path)
    world = world_of("mine:World")(3)
    policy = policy_of("mine:choose")[""]()
    found = play(world, policy, fit_pilot(world, seed=1, students=20), students=2, seed=1)
    assert found.held.shape == (2,)


@pytest.mark.parametrize("name", ["nobody", "no_such_module:x", "json:nothing", "json:__doc__"])
def test_what_cannot_be_found_is_refused_by_name(name):
    with pytest.raises(InvalidInput, match=name.split(":")[0]):
        policy_of(name)
    with pytest.raises(InvalidInput, match=name.split(":")[0]):
        world_of(name)
