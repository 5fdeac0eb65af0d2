"""The quality report: the numbers add up, and a person can read it."""

import json

import pandas as pd

from data.events import read_frame
from data.quality import QualityReport, Sieve


def rows(count):
    return pd.DataFrame({"student": [None] * count, "source_row": range(count)}, dtype=object)


def test_examples_are_the_first_few_and_the_count_is_whole():
    sieve = Sieve()
    sieve.keep(rows(12), [False] * 12, "no student", "student")
    (reason,) = sieve.reasons(lambda row: f"row {row}")
    assert (reason.rows, len(reason.examples)) == (12, 5)
    assert str(reason.examples[0]) == "row 0"


def test_the_same_reason_found_twice_is_one_line():
    sieve = Sieve()
    for _ in range(2):
        sieve.keep(rows(2), [False, True], "no student", "student")
    assert [reason.rows for reason in sieve.reasons(str)] == [2]


def test_the_most_frequent_reason_comes_first():
    sieve = Sieve()
    sieve.keep(rows(1), [False], "rare", "student")
    sieve.keep(rows(3), [False] * 3, "frequent", "student")
    assert [reason.text for reason in sieve.reasons(str)] == ["frequent", "rare"]


def report():
    frame = pd.DataFrame(
        {
            "event": ["1", "1", "2", "3"],
            "student": ["ana", "ana", "ben", "ben"],
            "skill": ["a~~b", "a~~b", "a", None],
            "correct": [1, 1, 0, 1],
            "time": pd.to_datetime(["2026-09-01", "2026-09-01", None, None], utc=True),
        }
    )
    return read_frame(frame).quality


def test_the_numbers_add_up_to_the_rows_read():
    quality = report()
    assert quality.rows_read == 4
    assert quality.usable + quality.joined + quality.repeated + quality.unusable == 4
    assert (quality.students, quality.skills, quality.timed) == (2, 2, 1)


def test_the_report_is_plain_values_for_json():
    found = json.loads(json.dumps(report().as_dict()))
    assert found["unusable"] == 1
    assert found["reasons"][0]["examples"] == [{"place": "row 4", "value": ""}]
    assert found["first_time"] == "2026-09-01T00:00:00+00:00"


def test_a_person_can_read_every_number_of_it():
    text = str(report())
    assert all(word in text for word in ("usable", "repeated", "no skill", "row 4", "2026-09-01"))


def test_thousands_are_marked_in_every_line():
    report = QualityReport("a.csv", "table", rows_read=1500, usable=1500, students=40, skills=1)
    assert "  usable responses  1,500\n  students             40\n" in str(report)
