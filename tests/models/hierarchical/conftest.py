"""Small schools whose truth is a draw from the hierarchical model."""

import numpy as np
import pandas as pd
import pytest

from models import BKT


def school(*, students=60, skills=("a", "b", "a~~b"), items=6, responses=12, seed=0):
    """Responses of students whose ability moves every skill; items differ in how hard they are."""
    rng = np.random.default_rng(seed)
    ease = {(skill, item): rng.normal(0.0, 0.8) for skill in skills for item in range(items)}
    rows = []
    for student in range(students):
        ability = rng.normal()
        known = {skill: rng.random() < 1 / (1 + np.exp(0.5 - ability)) for skill in skills}
        for step in range(responses):
            skill = skills[int(rng.integers(len(skills)))]
            item = int(rng.integers(items))
            logit = (2.5 if known[skill] else -1.2 + 0.4 * ability) + ease[skill, item]
            correct = int(rng.random() < 1 / (1 + np.exp(-logit)))
            rows.append((f"s{student}", skill, f"{skill}{item}", correct, 3600.0 * step))
            if rng.random() < 0.15:
                known[skill] = True
    return pd.DataFrame(rows, columns=["student", "skill", "item", "correct", "time"])


@pytest.fixture(scope="session")
def events():
    return school()


@pytest.fixture(scope="session")
def model(events):
    return BKT(items=True, ability=True, forgets=True).fit(events)
