"""Courses measured by the same road as `trellis evaluate`, on tables small enough to check."""

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from models.names import make
from training.benchmarks.accuracy import measured
from training.benchmarks.courses import courses_named


@pytest.fixture
def folder(tmp_path):
    """Two courses: one with a published split and no items, one to be folded."""
    rng = np.random.default_rng(1)
    students = np.repeat([f"s{n}" for n in range(30)], 6)
    table = pd.DataFrame(
        {"student": students, "skill": "ratio", "correct": rng.integers(0, 2, len(students))}
    )
    (tmp_path / "events").mkdir()
    split = np.where(table["student"] < "s20", "train", "test")
    table.assign(split=split).to_parquet(tmp_path / "events" / "assist2015.parquet")
    items = table.assign(item=rng.integers(0, 3, len(table)).astype(str))
    items.to_parquet(tmp_path / "events" / "stats_cloze.parquet")
    return tmp_path


def test_a_published_split_is_used_and_models_that_need_items_are_left_out(folder, monkeypatch):
    monkeypatch.setattr("training.benchmarks.accuracy.MODELS", ("classic", "items+forgets", "mean"))
    [course] = courses_named(["assist2015"])
    found = measured(folder, course, make)
    assert [row["model"] for row in found["models"]] == ["classic", "mean"]
    assert 0.0 < found["peak_gib"]["classic"] <= found["peak_gib"]["mean"]
    frame = pd.read_parquet(folder / "events" / "assist2015.parquet")
    assert found["unseen"] == (frame["split"] == "test").sum()
    assert found["students"] == 30


def test_a_course_without_a_split_is_folded(folder):
    [course] = courses_named(["stats_cloze"])
    found = measured(folder, course, make, ["items+forgets", "pfa"])
    assert found["unseen"] == found["responses"] == 180
    assert {row["against"] for row in found["differences"]} <= {"items+forgets", "pfa"}
    assert [row["model"] for row in found["validity"]] == ["items+forgets"]
    assert {row["encounter"] for row in found["by_encounter"]} == {"first with the skill", "later"}


def test_a_course_that_is_not_there_is_named(folder):
    with pytest.raises(InvalidInput, match="synthetic5"):
        measured(folder, courses_named(["synthetic5"])[0], make, ["mean"])


def test_an_unknown_course_is_refused():
    with pytest.raises(InvalidInput, match="assist2009"):
        courses_named(["algebra"])
