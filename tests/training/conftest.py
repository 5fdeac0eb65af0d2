"""A tiny school, a model that is worse than any other, and a retrain on real records."""

import numpy as np
import pandas as pd
import pytest

from models import BKT
from models.names import make_bkt
from training.retraining import retrain


@pytest.fixture
def school():
    return school_of


def school_of(*, students=60, rises=0.1, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        {"student": f"s{s}", "skill": "ratio", "correct": float(rng.random() < 0.2 + rises * n)}
        for s in range(students)
        for n in range(7)
    ]
    return pd.DataFrame(rows)


def classic():
    return make_bkt("classic")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "model"


@pytest.fixture
def train(records, folder):
    def run(events, make=classic):
        return retrain(events, make, records=records, model_folder=folder, parameters={"seed": 0})

    return run


class UpsideDown(BKT):
    """A model fitted on answers turned around, so worse than any champion."""

    def fit(self, events):
        return super().fit(events.assign(correct=1 - events["correct"]))


@pytest.fixture
def upside_down():
    return UpsideDown
