"""`trellis params`: the classic parameters with their standard errors."""

import csv
import io

import pandas as pd
import pytest

from models import BKT

NAMES = ("prior", "learn", "forget", "guess", "slip")


def test_every_skill_has_its_five_parameters_and_their_errors(trellis, bundle):
    rows = trellis("params", bundle, "--json").json["skills"]
    assert [row["skill"] for row in rows] == ["C++~~Volume (3D)", "ratio"]
    assert all(f"{name}_se" in row and 0 <= row[name] <= 1 for row in rows for name in NAMES)


def test_csv_reads_back_as_the_bundle_says(trellis, bundle):
    rows = list(csv.DictReader(io.StringIO(trellis("params", bundle, "--csv").out)))
    expected = BKT.load(bundle).params
    for row in rows:
        assert float(row["slip"]) == pytest.approx(expected.loc[row["skill"], "slip"])


def test_the_table_shows_one_line_per_skill(trellis, bundle):
    assert len(trellis("params", bundle).out.splitlines()) == 3


def test_no_bundle_is_the_callers_fault(trellis, tmp_path):
    ran = trellis("params", tmp_path)
    assert ran.status == 2
    assert str(tmp_path) in ran.err


def test_a_baseline_has_no_such_parameters(trellis, events, tmp_path):
    trellis("fit", events, "--model", "mean", "--out", tmp_path / "mean")
    ran = trellis("params", tmp_path / "mean")
    assert ran.status == 2
    assert "of mean" in ran.err


def test_rows_of_items_and_activities_are_shown_one_a_line(trellis, tmp_path):
    table = pd.DataFrame(
        {
            "student": list("aaabbb"),
            "skill": "ratio",
            "item": list("xyxyxy"),
            "activity": "video",
            "correct": [0, 1, 1, 0, 0, 1],
        }
    )
    table.to_csv(tmp_path / "e.csv", index=False)
    fit = ["fit", "e.csv", "--model", "items+resources", "--out", "bundle"]
    assert trellis(*fit).status == 0
    found = trellis("params", "bundle", "--rows", "--json").json["rows"]
    assert [(row["parameter"], row["key"]) for row in found] == [
        ("learn", "video"),
        ("guess", "x"),
        ("slip", "x"),
        ("guess", "y"),
        ("slip", "y"),
    ]
    assert len(trellis("params", "bundle", "--rows").out.splitlines()) == 6
    assert trellis("params", "bundle", "--rows", "--csv").out.startswith("skill,parameter,key")


def test_a_bundle_without_rows_says_that_there_are_none(trellis, bundle):
    assert trellis("params", bundle, "--rows").out == "(nothing)\n"
