"""The judge beside the sum over every hidden path."""

from itertools import pairwise, product
from math import log

import numpy as np
import pandas as pd
import pytest

from engine.parameters import SkillParameters
from training.benchmarks.judge import log_likelihoods

PARAMETERS = {
    "ratio": SkillParameters(0.4, 0.2, 0.1, 0.25, 0.1),
    "C++~~Volume (3D)": SkillParameters(0.1, 0.3, 0.0, 0.2, 0.05),
}


def by_enumeration(answers, p):
    """log P(answers), added up over every path of mastered and not mastered."""
    total = 0.0
    for path in product([0, 1], repeat=len(answers)):
        chance = p.prior if path[0] else 1 - p.prior
        for before, after in pairwise(path):
            step = {(0, 1): p.learn, (0, 0): 1 - p.learn, (1, 0): p.forget, (1, 1): 1 - p.forget}
            chance *= step[before, after]
        for state, correct in zip(path, answers, strict=True):
            right = 1 - p.slip if state else p.guess
            chance *= right if correct else 1 - right
        total += chance
    return log(total)


def test_it_is_the_sum_over_every_hidden_path():
    rng = np.random.default_rng(5)
    rows = pd.DataFrame(
        {
            "student": rng.choice(["ana", "ben", "zoë"], 40),
            "skill": rng.choice(list(PARAMETERS), 40),
            "correct": rng.integers(0, 2, 40).astype(float),
        }
    )
    found = log_likelihoods(rows, PARAMETERS)
    for skill, parameters in PARAMETERS.items():
        histories = rows[rows["skill"] == skill].groupby("student")["correct"]
        expected = sum(by_enumeration(list(answers), parameters) for _, answers in histories)
        assert found[skill] == pytest.approx(expected, abs=1e-9)
