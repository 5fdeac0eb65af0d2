"""The command line on files exactly as their publishers export them."""

import os
from pathlib import Path

import pandas as pd
import pytest

FOLDER = os.environ.get("TRELLIS_REAL_DATA")
FORMATS = sorted((Path(FOLDER) / "formats").iterdir()) if FOLDER else [None]
HOW_TO = "set TRELLIS_REAL_DATA to the folder of real data"

pytestmark = pytest.mark.skipif(not FOLDER, reason=HOW_TO)


@pytest.mark.parametrize("path", FORMATS, ids=lambda path: path.name if path else "none")
def test_every_format_is_fitted_and_traced(trellis, tmp_path, path):
    fitted = trellis("fit", path, "--out", "bundle", "--json")
    assert fitted.status == 0, fitted.err
    assert fitted.json["converged"]
    traced = trellis("trace", "bundle", path, "--out", "t.parquet", "--json")
    assert traced.status == 0, traced.err
    table = pd.read_parquet(tmp_path / "t.parquet")
    assert len(table) == traced.json["rows"] == fitted.json["events"]
    assert table["p_correct"].between(0, 1, inclusive="neither").all()
    assert table["p_mastery"].between(0, 1).all()
    assert traced.json["pooled_skills"] == []


def test_classic_predicts_assist2009_as_well_as_exact_em_should(trellis):
    ran = trellis("evaluate", f"{FOLDER}/events/assist2009.parquet", "--model", "classic", "--json")
    [row] = ran.json["models"]
    assert row["auc"] >= 0.715
    assert row["ece"] < 0.02
    assert row["n"] == 58_266
