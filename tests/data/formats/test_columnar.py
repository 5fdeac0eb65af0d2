"""Parquet files and DataFrames."""

import gzip

import pandas as pd
import pytest

from data.events import read_events, read_frame
from data.formats.columnar import open_parquet
from engine.errors import InvalidInput

ROWS = {"student": [7, 8], "skill": [["b", "a"], ["c"]], "correct": [True, False]}


def test_a_parquet_file_is_known_by_its_content(tmp_path):
    plain, packed = tmp_path / "events.data", tmp_path / "events.parquet.gz"
    pd.DataFrame(ROWS).to_parquet(plain)
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_events(plain).frame["skill"].tolist() == ["a~~b", "c"]
    assert open_parquet(packed).columns == ("student", "skill", "correct")
    assert read_events(packed).frame["student"].tolist() == ["7", "8"]


def test_typed_times_keep_their_instant(tmp_path):
    path = tmp_path / "events.parquet"
    times = pd.to_datetime(["2026-09-01T08:00", "2026-09-02T08:00"]).tz_localize("Asia/Tokyo")
    pd.DataFrame({**ROWS, "time": times}).to_parquet(path)
    assert read_events(path).frame["time"][0] == pd.Timestamp("2026-08-31T23:00Z")


def test_what_only_begins_like_parquet_is_refused(tmp_path):
    path = tmp_path / "events.parquet"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(InvalidInput, match="readable Parquet"):
        read_events(path)


def test_rows_of_a_frame_are_counted_from_one():
    with pytest.raises(InvalidInput, match="row 2, correct"):
        read_frame(pd.DataFrame({"student": ["a", "a"], "skill": ["s", "s"], "correct": [1, 2]}))


def test_a_frame_with_mixed_ids_is_text():
    frame = pd.DataFrame({"student": [1, "x"], "skill": ["s", "s"], "correct": [1, 0]})
    assert read_frame(frame).frame["student"].tolist() == ["1", "x"]
