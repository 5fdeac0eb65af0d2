"""`trellis params`: the classic parameters with their standard errors."""

import csv
import io

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
