"""Tiny tables of responses, simulated from known parameters."""

import numpy as np
import pandas as pd
import pytest

from engine.parameters import SkillParameters

TRUTH = {
    "ratio": SkillParameters(0.3, 0.15, 0.0, 0.2, 0.1),
    "slope": SkillParameters(0.6, 0.05, 0.0, 0.25, 0.08),
}


def simulated(truth, *, students=300, responses=12, seed=0):
    """Responses of students who learn exactly as classic BKT assumes."""
    rng = np.random.default_rng(seed)
    rows = []
    for skill, one in truth.items():
        known = rng.random(students) < one.prior
        for _ in range(responses):
            correct = rng.random(students) < np.where(known, 1 - one.slip, one.guess)
            rows.append(
                pd.DataFrame(
                    {
                        "student": np.arange(students),
                        "skill": skill,
                        "item": rng.integers(0, 6, students),
                        "correct": correct,
                    }
                )
            )
            chance = rng.random(students)
            known = np.where(known, chance >= one.forget, chance < one.learn)
    frame = pd.concat(rows, ignore_index=True)
    return frame.astype({"student": str, "item": str, "correct": int})


@pytest.fixture(scope="session")
def events():
    """Two skills, 300 students, 12 responses each."""
    return simulated(TRUTH)
