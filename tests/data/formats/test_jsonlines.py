"""JSON lines: one object per line, numbers as written."""

import pytest

from data.events import read_events
from engine.errors import InvalidInput


def events_of(tmp_path, *lines):
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_events(path)


def test_values_of_every_kind_are_read(tmp_path):
    frame = events_of(
        tmp_path,
        '{"student": "007", "skill": "C++", "correct": true}',
        "",
        '{"correct": 0.25, "skill": ["b", "a"], "student": 1.0, "item": "2020-01-01"}',
    ).frame
    assert frame["student"].tolist() == ["007", "1.0"]
    assert frame["skill"].tolist() == ["C++", "a~~b"]
    assert frame["correct"].tolist() == [1.0, 0.25]
    assert frame["item"].tolist()[1] == "2020-01-01"


@pytest.mark.parametrize("bad", ['{"student": ', "[1, 2]", '"text"', "{} {}"])
def test_a_line_that_is_no_object_is_named(tmp_path, bad):
    with pytest.raises(InvalidInput, match="row 2"):
        events_of(tmp_path, '{"student": "a", "skill": "s", "correct": 1}', bad)


@pytest.mark.parametrize("bad", ['{"a": 1}', '[["a"]]', '"\\ud800"'])
def test_a_value_that_cannot_be_an_id_is_named(tmp_path, bad):
    with pytest.raises(InvalidInput, match="row 1, student"):
        events_of(tmp_path, f'{{"student": {bad}, "skill": "s", "correct": 1}}')


def test_a_fault_is_named_by_line_though_lines_are_blank(tmp_path):
    with pytest.raises(InvalidInput, match="row 3, correct"):
        events_of(tmp_path, "", "", '{"student": "a", "skill": "s", "correct": 7}')
