"""The event table: any id survives, order is told apart from file order, errors leave no trace."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.events import in_order, read_events, read_frame, write_events
from engine.errors import InvalidInput

# Any text that is not blank: metacharacters, quotes, line breaks, leading zeros, every script.
IDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(str.strip)
SKILLS = IDS.map(str.strip).filter(lambda text: "~~" not in text)
ROWS = st.lists(st.tuples(IDS, SKILLS, st.sampled_from([0.0, 1.0, 1 / 3])), min_size=1, max_size=9)
ENDINGS = ("csv", "tsv", "jsonl", "parquet", "csv.gz")


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=20, deadline=None)
@given(rows=ROWS)
def test_any_id_comes_back_exactly_as_written(tmp_path_factory, ending, rows):
    path = tmp_path_factory.mktemp("events") / f"events.{ending}"
    frame = pd.DataFrame(rows, columns=["student", "skill", "correct"])
    write_events(frame, path)
    found = read_events(path).frame
    assert found[["student", "skill", "correct"]].to_numpy().tolist() == [list(row) for row in rows]


@pytest.mark.parametrize(
    "student", ["007", "1.0", "NA", "null", "Volume (3D)", "C++", "Жанна", "=1"]
)
def test_an_id_is_text_whatever_it_looks_like(tmp_path, student):
    path = tmp_path / "events.csv"
    path.write_text(f"student,skill,correct\n{student},{student},1\n", encoding="utf-8")
    assert read_events(path).frame.loc[0, ["student", "skill"]].tolist() == [student, student]


def test_one_student_and_one_response_is_enough(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("student,skill,correct\nana,a,1")
    assert len(read_events(path).frame) == 1


def test_a_header_without_rows_is_refused(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("student,skill,correct\n")
    with pytest.raises(InvalidInput, match="at least one usable response"):
        read_events(path)


def test_rows_keep_the_order_and_number_of_the_file(tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("skill,student,correct,time\na,ana,1,2026-09-02\n,ana,1,\na,ana,0,2026-09-01\n")
    frame = read_events(path).frame
    assert frame["source_row"].tolist() == [0, 2]
    assert in_order(frame)["source_row"].tolist() == [2, 0]


def table(**columns):
    return pd.DataFrame(columns)


def test_a_student_with_a_gap_in_time_keeps_file_order():
    times = pd.to_datetime(["2026-09-02", None, "2026-09-03", "2026-09-01"], utc=True)
    frame = table(student=["ana", "ana", "ben", "ben"], time=times)
    assert in_order(frame).index.tolist() == [0, 1, 3, 2]


def test_equal_times_keep_file_order_unless_an_order_is_given():
    times = pd.to_datetime(["2026-09-01"] * 3, utc=True)
    frame = table(student=["ana"] * 3, time=times)
    assert in_order(frame).index.tolist() == [0, 1, 2]
    assert in_order(frame.assign(order=[3.0, 1.0, 2.0])).index.tolist() == [1, 2, 0]


def test_the_clock_beats_any_other_order():
    times = pd.to_datetime(["2026-09-02", "2026-09-01"], utc=True)
    frame = table(student=["ana"] * 2, time=times, order=[1.0, 2.0])
    assert in_order(frame).index.tolist() == [1, 0]


def test_students_come_together_by_first_appearance():
    frame = table(student=["b", "a", "b", "a"])
    assert in_order(frame).index.tolist() == [0, 2, 1, 3]


def test_no_rows_are_in_order():
    assert in_order(table(student=[], time=pd.to_datetime([], utc=True))).empty


def test_a_frame_is_held_to_the_rules_of_a_file():
    frame = table(who=[1, 2], skill=["a", "b"], correct=[0.5, 1.0])
    assert read_frame(frame, columns={"student": "who"}).frame["student"].tolist() == ["1", "2"]
    with pytest.raises(InvalidInput, match="student"):
        read_frame(frame)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    path = tmp_path / "events.csv"
    write_events(table(student=["ana"], skill=["a"], correct=[1.0]), path)
    before = path.read_bytes()
    with pytest.raises(AttributeError):
        write_events(table(student=["ben"], skill=["a"], correct=[1.0], time=["soon"]), path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["events.csv"]


def test_an_ending_nobody_knows_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match=r"\.parquet"):
        write_events(table(student=["ana"]), tmp_path / "events.xlsx")
