"""A tiny school in a file, and the command line run as a person would run it."""

import json
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from trellis.main import main


class Ran(NamedTuple):
    """What a command left: its exit status, what it printed, and its JSON line if it has one."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out.splitlines()[-1])


@pytest.fixture
def trellis(capsys, tmp_path, monkeypatch):
    """Runs one command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("TRELLIS_DATABASE_URL", "TRELLIS_MODEL_DIR"):
        monkeypatch.delenv(name, raising=False)

    def run(*words):
        capsys.readouterr()
        status = main([str(word) for word in words])
        return Ran(status, *capsys.readouterr())

    return run


def school(students=30, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        {"student": f"s{s:03d}", "skill": skill, "correct": int(rng.random() < 0.3 + 0.1 * n)}
        for s in range(students)
        for n in range(5)
        for skill in ("ratio", "C++~~Volume (3D)")
    ]
    table = pd.DataFrame(rows)
    return table.assign(split=np.where(table["student"] < "s020", "train", "test"))


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.csv"
    school().to_csv(path, index=False)
    return path


@pytest.fixture
def bundle(trellis, events, tmp_path):
    assert trellis("fit", events, "--model", "classic", "--out", tmp_path / "bundle").status == 0
    return tmp_path / "bundle"


@pytest.fixture
def train(trellis, events, records):
    def run(*words):
        return trellis("train", *words, "--tracking", records.folder, "--model-dir", "model")

    return run


@pytest.fixture
def models(trellis, records):
    def run(*words):
        return trellis("models", *words, "--tracking", records.folder, "--model-dir", "model")

    return run
