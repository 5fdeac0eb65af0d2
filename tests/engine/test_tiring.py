"""A skill just worked on: how its load comes and goes, and what it does to a decision."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from engine.constraints import options_for
from engine.ranking import scores
from engine.tasks import tasks_for
from engine.tiring import RESTED, Memory, Tiring, loads_now

ROWS = {"fraction": 0, "ratio": 1}


def test_a_load_counts_answers_and_fades_with_answers_on_others(answered):
    history = answered({"fraction": "111", "ratio": "0"})
    assert loads_now(history, ROWS, Memory(0.5, 8.0), None).tolist() == [1.5, 1.0]
    assert loads_now(history, ROWS, Memory(0.0, 8.0), None).tolist() == [0.0, 1.0]
    assert loads_now(history[::-1], ROWS, Memory(0.5, 2.0), None).tolist() == [1.0, 1.0]


def test_a_pause_rests_everything(answered):
    history = answered({"fraction": "111"})
    end = history[-1].occurred_at
    tired = loads_now(history, ROWS, Memory(0.5, 8.0), end + timedelta(minutes=5))
    rested = loads_now(history, ROWS, Memory(0.5, 8.0), end + RESTED)
    assert (tired[0], rested[0]) == (3.0, 0.0)
    later = history[0]._replace(id="e999", occurred_at=end + RESTED)
    assert loads_now([*history, later], ROWS, Memory(0.5, 8.0), None)[0] == 1.0


def test_a_fact_is_read_as_it_was_written():
    tiring = Tiring(0.2, Memory(0.5, 8.0))
    assert Tiring.of(tiring.as_fact()) == tiring


@pytest.fixture
def tiring_model(trusted):
    fact = Tiring(0.3, Memory(0.0, 8.0)).as_fact()
    return replace(trusted, facts={**trusted.facts, "tiring": fact})


def reasons(now, skill):
    found = scores(now, options_for(now, tasks_for(now)))
    one = next(one for one in found if one.option.task.skill == skill)
    assert np.log(one.score) == pytest.approx(sum(reason.weight for reason in one.reasons))
    return {reason.code: reason for reason in one.reasons}


def test_a_skill_just_worked_on_is_worth_less_and_says_so(situation, trusted, tiring_model):
    answers = {"fraction": "0101"}
    rested = reasons(situation(answers, bundle=trusted), "fraction")
    tired = reasons(situation(answers, bundle=tiring_model), "fraction")
    assert "tires" not in rested
    assert tired["tires"].weight < -0.2
    assert "of full speed" in tired["tires"].text
    assert tired["pace"] == rested["pace"]
    assert tired["index"] == rested["index"]


def test_other_skills_are_as_they_were(situation, trusted, tiring_model):
    answers = {"ratio": "1", "fraction": "1111"}
    rested = reasons(situation(answers, bundle=trusted), "ratio")
    tired = reasons(situation(answers, bundle=tiring_model), "ratio")
    assert "tires" not in tired
    assert {code: one.weight for code, one in tired.items()} == pytest.approx(
        {code: one.weight for code, one in rested.items()}
    )
