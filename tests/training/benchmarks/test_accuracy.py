"""Accuracy on the published splits, by the same road as `trellis evaluate`."""

import pandas as pd
import pytest

from engine.errors import InvalidInput
from models.names import make
from training.benchmarks.accuracy import DATA_SETS, accuracy


def test_each_data_set_is_scored_on_its_own_test_students(tmp_path):
    (tmp_path / "events").mkdir()
    table = pd.DataFrame(
        {
            "student": ["ana", "ana", "ben", "ben"],
            "skill": "ratio",
            "correct": [0, 1, 1, 0],
            "split": ["train", "train", "test", "test"],
        }
    )
    for name in DATA_SETS:
        table.to_parquet(tmp_path / "events" / f"{name}.parquet")
    found = accuracy(tmp_path, make, ["mean"])
    assert {name: [scores.n for scores in models] for name, models in found.items()} == {
        name: [2] for name in DATA_SETS
    }


def test_a_data_set_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InvalidInput, match=DATA_SETS[0]):
        accuracy(tmp_path, make, ["mean"])
