"""The page for people who come from pyBKT: every call on Trellis's side runs on pyBKT's columns."""

import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models import BKT
from models.options import WORDS

PAGE = Path(__file__).parent.parent / "docs" / "coming-from-pybkt.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and "to …" not in line
]
CALLS = [re.findall(r"`([^`]+)`", row[-1])[0] for row in ROWS]
THEIRS = [call for row in ROWS for call in re.findall(r"`([^`]+)`", row[1])]
PEER = Path(os.environ.get("TRELLIS_PYBKT", PAGE.parent.parent / ".bench/pybkt/bin/python"))
SCRIPT = """
import sys, warnings
warnings.simplefilter("ignore")
import pandas as pd
from pyBKT.models import Model
responses = pd.read_csv("responses.csv")
for call in sys.stdin.read().splitlines():
    model = Model(seed=42)
    if "fit(" not in call:
        model.fit(data=responses)
        model.save("model.pkl")
    eval(call)
    shape = model.params().shape if ".load" not in call else model.predict(data=responses).shape
    assert shape[0] > 0, call
    print("ran", call)
"""


@pytest.fixture
def responses():
    rng = np.random.default_rng(0)
    rows = 400
    return pd.DataFrame(
        {
            "user_id": np.repeat(np.arange(40), 10),
            "skill_name": rng.choice(["ratio", "slope"], rows),
            "correct": rng.integers(0, 2, rows),
            "order_id": np.arange(rows),
            "template_id": rng.integers(0, 5, rows),
        }
    )


@pytest.mark.parametrize("option", [*WORDS.values(), "map", "fixed", "bounds", "restarts", "seed"])
def test_the_page_has_a_row_for_every_option_of_the_family(option):
    assert any(f"{option}=" in call for call in CALLS)


@pytest.mark.parametrize("call", CALLS)
def test_every_call_runs_as_it_stands(call, responses, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    BKT().fit(responses).save("bundle")
    before = responses.copy(deep=True)
    found = eval(call, {"BKT": BKT, "responses": responses})
    assert found is not None
    pd.testing.assert_frame_equal(responses, before)


def test_both_names_of_a_column_mean_the_same(responses):
    ours = responses.rename(
        columns={
            "user_id": "student",
            "skill_name": "skill",
            "order_id": "order",
            "template_id": "item",
        }
    )
    mixed = ours.sample(frac=1.0, random_state=1)
    expected = BKT(items=True).fit(responses).bundle.skills
    found = BKT(items=True).fit(mixed).bundle.skills
    for skill, estimate in expected.items():
        np.testing.assert_allclose(found[skill].parameters, estimate.parameters, rtol=1e-6)


@pytest.mark.skipif(
    not PEER.is_file(),
    reason="no pyBKT: `make bench` builds one, or set TRELLIS_PYBKT to the Python of another",
)
def test_every_call_of_pybkt_runs_as_it_stands(responses, tmp_path):
    responses.to_csv(tmp_path / "responses.csv", index=False)
    command = [str(PEER), "-c", SCRIPT]
    said = subprocess.run(
        command, cwd=tmp_path, input="\n".join(THEIRS), capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert [line for line in said.stdout.splitlines() if line.startswith("ran ")] == [
        f"ran {call}" for call in THEIRS
    ]


def test_most_rows_of_the_page_have_a_call_of_pybkt():
    assert len(THEIRS) >= len(ROWS) - 5
