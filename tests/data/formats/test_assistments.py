"""ASSISTments: a response is one row, whatever number of skills it is listed under."""

import pytest

from data.events import in_order, read_events
from engine.errors import InvalidInput

HEADER = "order_id | assistment_id | user_id | problem_id | correct | skill_id | skill_name"


def test_rows_repeated_per_skill_become_one_response(write):
    path = write(
        HEADER,
        "12 | 1 | ana | p1 | 1 | 7 | Ratios",
        "11 | 1 | ana | p0 | 0 | 7 | Ratios",
        "12 | 1 | ana | p1 | 1 | 3 | Area",
        "12 | 1 | ana | p1 | 1 | 9 | ",
    )
    events = read_events(path)
    assert events.quality.format == "assistments"
    assert events.frame["skill"].tolist() == ["9~~Area~~Ratios", "Ratios"]
    assert events.frame["source_row"].tolist() == [0, 1]
    assert (events.quality.joined, events.quality.usable) == (2, 2)


def test_responses_are_ordered_by_their_order_id(write):
    path = write(HEADER, "100 | 1 | ana | p1 | 1 | 7 | A", "99 | 1 | ana | p0 | 0 | 7 | A")
    assert in_order(read_events(path).frame)["item"].tolist() == ["p0", "p1"]


def test_a_response_without_any_skill_is_counted_not_guessed(write):
    path = write(HEADER, "1 | 1 | ana | p1 | 1 |  | ", "2 | 1 | ana | p1 | 1 | 7 | A")
    reasons = read_events(path).quality.reasons
    assert [(reason.text, reason.rows) for reason in reasons] == [("no skill", 1)]


def test_one_response_cannot_be_both_right_and_wrong(write):
    path = write(HEADER, "1 | 1 | ana | p1 | 1 | 7 | A", "1 | 1 | ana | p1 | 0 | 3 | B")
    with pytest.raises(InvalidInput) as raised:
        read_events(path)
    (fault,) = raised.value.faults
    assert (fault.place, fault.value) == ("row 3, correct", "0")
    assert "row 2" in fault.expected


def test_the_real_export(real_formats):
    events = read_events(real_formats / "assistments_skill_builder_sample.csv")
    quality = events.quality
    assert (quality.format, quality.rows_read, quality.usable) == ("assistments", 1887, 1210)
    assert (quality.joined, quality.unusable) == (339, 338)
    assert (quality.students, quality.skills, quality.items) == (15, 74, 1113)
    assert events.frame["event"].is_unique
    assert events.frame["skill"].str.contains("~~").sum() == 313
