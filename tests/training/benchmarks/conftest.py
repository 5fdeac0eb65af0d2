"""A stand-in for the peer that answers as the real one does."""

import sys

import pandas as pd
import pytest

MODEL = """
import pandas as pd

class Model:
    def __init__(self, seed): self.seed = seed
    def fit(self, data, forgets=False):
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
