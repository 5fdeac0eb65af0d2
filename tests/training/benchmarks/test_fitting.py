"""The race, against a stand-in for the peer that answers as the real one does."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from engine.errors import InvalidInput, Unavailable
from models import BKT
from training.benchmarks.fitting import race
from training.benchmarks.peer import pybkt

MODEL = """
import pandas as pd

class Model:
    def __init__(self, seed): self.seed = seed
    def fit(self, data):
        assert data["order_id"].is_monotonic_increasing
        self.skills = data["skill_name"].unique()
    def params(self):
        values = {"prior": .5, "learns": .1, "guesses": .2, "slips": .1, "forgets": 0.0}
        rows = {(s, name, "default"): value for s in self.skills for name, value in values.items()}
        return pd.DataFrame({"value": pd.Series(rows)})
"""


@pytest.fixture
def python(tmp_path):
    """A Python that finds a library called pyBKT."""
    for name, text in {
        "pyBKT/__init__.py": "",
        "pyBKT/models.py": MODEL,
        "pyBKT/fit/__init__.py": "",
        "pyBKT/fit/E_step.py": "",
        "pyBKT-0.0.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: pyBKT\nVersion: 0.0.1\n",
    }.items():
        (tmp_path / "lib" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lib" / name).write_text(text)
    found = tmp_path / "python"
    found.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path}/lib exec {sys.executable} "$@"\n')
    found.chmod(0o755)
    return found


@pytest.fixture
def responses():
    answers = [0, 0, 1, 0, 1, 1] * 10
    students = [f"s{i // 6}" for i in range(60)]
    return pd.DataFrame({"student": students, "skill": "Volume (3D)", "correct": answers})


def plain(events):
    return BKT(map=False).fit(events).bundle


def test_each_side_fits_in_turn_and_one_judge_compares_them(python, responses):
    found = race(responses, plain, python=python, repeats=3)
    assert len(found.ours.seconds) == len(found.peer.seconds) == 3
    assert (found.skills, found.skills_at_least_as_high) == (1, 1)
    assert found.worst_difference > 0
    assert found.ratio == found.peer.median / found.ours.median


def test_it_says_whether_the_peer_is_the_slow_pure_python_version(python, responses):
    with pybkt(python, responses) as peer:
        assert (peer.about["version"], peer.about["built"]) == ("0.0.1", "pure Python")


def test_skill_names_reach_the_peer_as_numbers_and_come_back_as_they_were(python, responses):
    with pybkt(python, responses) as peer:
        assert list(peer.fit(seed=1).parameters) == ["Volume (3D)"]


def test_a_peer_that_is_not_there_is_named(responses):
    with pytest.raises(InvalidInput, match="make bench"), pybkt(Path("nowhere"), responses):
        pass


def test_a_peer_that_breaks_says_why(python, responses):
    (python.parent / "lib" / "pyBKT" / "models.py").write_text("raise ImportError('half built')")
    with pytest.raises(Unavailable, match="half built"), pybkt(python, responses):
        pass
