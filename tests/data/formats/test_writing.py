"""Files that are read back as they were."""

import pandas as pd
import pytest

from data.events import read_events, write_events

NAMES = ["a.csv", "a.csv.gz", "a.tsv", "a.tsv.gz", "a.jsonl", "a.jsonl.gz", "a.parquet"]


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_file_comes_back_the_same(tmp_path, name):
    frame = pd.DataFrame(
        {
            "student": ["007", "Zoë\n\"x\"", "C++, a\tb"],
            "skill": ["a~~b", "Volume (3D)", "1.0"],
            "correct": [1.0, 1 / 3, 0.0],
            "item": ["i", None, "j"],
            "time": pd.to_datetime(["2026-09-01T08:00:00.123456Z", None, "2026-09-02T00:00:00Z"],
                                   format="ISO8601").as_unit("us"),
            "hints": [0.0, float("nan"), 3.0],
        }
    )  # fmt: skip
    write_events(frame, tmp_path / name)
    found = read_events(tmp_path / name).frame
    pd.testing.assert_frame_equal(found.drop(columns="source_row"), frame, check_dtype=False)
