"""Joining the rows of one response."""

import pandas as pd
import pytest

from data.formats.columnar import FrameSource
from data.formats.draft import join_skills
from data.quality import Sieve
from engine.errors import InvalidInput


def joined(rows, sieve=None):
    frame = pd.DataFrame(rows, columns=["event", "skill", "correct"]).assign(
        source_row=range(len(rows))
    )
    source = FrameSource(frame)
    return join_skills(source, frame, sieve or Sieve(), key=["event"], same=["correct"])


def test_rows_of_one_event_become_the_first_with_all_skills():
    sieve = Sieve()
    found = joined([("e", "b", "1"), ("f", "c", "0"), ("e", None, "1"), ("e", "a", "1")], sieve)
    assert found["skill"].tolist() == ["b~~a", "c"]
    assert sieve.joined == 2


def test_rows_without_the_key_stay_apart():
    assert len(joined([(None, "a", "1"), (None, "a", "1")])) == 2


def test_an_event_without_any_skill_stays_without():
    assert joined([("e", None, "1"), ("e", None, "1")])["skill"].isna().tolist() == [True]


def test_differences_name_both_rows_and_stop_at_five():
    with pytest.raises(InvalidInput) as raised:
        joined([("e", "a", "1")] + [("e", "b", "0")] * 9)
    assert len(raised.value.faults) == 5
    assert raised.value.faults[0].place == "row 2, correct"
    assert "row 1" in raised.value.faults[0].expected
