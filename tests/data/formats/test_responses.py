"""From drafts to responses: complete, and each event once."""

import pandas as pd
import pytest

from data.events import read_frame
from engine.errors import InvalidInput


def frame_of(*rows, columns=("event", "student", "skill", "correct")):
    return pd.DataFrame(rows, columns=list(columns), dtype=object)


def test_the_same_event_delivered_again_counts_once():
    events = read_frame(frame_of(("e", "ana", "b~~a", 1), ("e", "ana", "a~~b", 1.0)))
    assert (events.quality.usable, events.quality.repeated) == (1, 1)


def test_the_same_event_with_other_content_is_refused_with_both_rows():
    with pytest.raises(InvalidInput) as raised:
        read_frame(frame_of(("e", "ana", "a", 1), ("f", "ana", "a", 1), ("e", "ben", "a", 0)))
    assert [fault.place for fault in raised.value.faults] == ["row 3, student", "row 3, correct"]
    assert "row 1" in raised.value.faults[0].expected


def test_rows_without_an_event_id_are_all_kept():
    assert read_frame(frame_of((None, "ana", "a", 1), (None, "ana", "a", 1))).quality.usable == 2


def test_what_is_missing_is_counted_once_per_row_by_its_first_reason():
    rows = [("1", None, None, 1), ("2", "ana", None, None), ("3", "ana", "a", "NA"),
            ("4", "ana", "a", 1)]  # fmt: skip
    quality = read_frame(frame_of(*rows)).quality
    reasons = {reason.text: reason.rows for reason in quality.reasons}
    assert reasons == {"no student": 1, "no skill": 1, "no answer recorded": 1}
    assert quality.usable + quality.unusable == quality.rows_read


def test_many_faults_show_the_first_and_their_number():
    rows = [(str(row), "ana", "a", 2) for row in range(1200)]
    with pytest.raises(InvalidInput, match="1,195 more"):
        read_frame(frame_of(*rows))


def test_columns_come_in_one_order_and_empty_ones_go():
    frame = frame_of(
        (1, "a", "ana", None, "x"), columns=("correct", "skill", "student", "item", "q")
    )
    assert read_frame(frame).frame.columns.tolist() == ["student", "skill", "correct", "source_row"]


def test_no_usable_row_is_refused_with_the_reasons():
    with pytest.raises(InvalidInput, match="1 with no skill"):
        read_frame(frame_of(("e", "ana", None, 1)))
