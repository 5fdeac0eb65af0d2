"""A value is understood, missing, or a fault: never guessed."""

import math

import pandas as pd
import pytest

from data.formats.values import answers, missing, numbers, skills, times

UNDERSTOOD = [("0", 0.0), ("1", 1.0), ("1.0", 1.0), ("0.375", 0.375), ("TRUE", 1.0), ("false", 0.0)]
FAULTY = ["1.7", "-0.1", "-1", "2", "maybe", "HINT", "inf", "1e9", "0_1"]
MISSING = [None, "NA", "nan", ".", "null", "None"]


@pytest.mark.parametrize(("text", "value"), UNDERSTOOD)
def test_answers_that_are_understood(text, value):
    found = answers(pd.Series([text, "1"]))
    assert (found.values[0], found.faulty[0]) == (value, False)


@pytest.mark.parametrize("text", FAULTY)
def test_answers_that_are_faults(text):
    found = answers(pd.Series([text, "1"]))
    assert math.isnan(found.values[0])
    assert found.faulty.tolist() == [True, False]


@pytest.mark.parametrize("text", MISSING)
def test_what_is_missing_is_no_fault(text):
    column = pd.Series([text, "1"])
    assert missing(column).tolist() == [True, False]
    assert not answers(column).faulty.any()
    assert not numbers(column).faulty.any()


INSTANTS = [
    "2026-09-01T08:30:00Z",
    "2026-09-01 08:30:00",
    "2026-09-01T10:30:00+02:00",
    "2026-09-01T08:30",
    "1788251400",
    "1788251400.0",
    "1788251400000",
    "1788251400000000",
]


@pytest.mark.parametrize("text", INSTANTS)
def test_one_instant_in_all_its_spellings(text):
    found = times(pd.Series([text]))
    assert found.values[0] == pd.Timestamp("2026-09-01T08:30:00Z")


def test_times_with_and_without_zone_may_be_mixed():
    found = times(pd.Series(["2026-09-01T08:30:00Z", None, "2026-09-01 08:30:00", "18:05.0"]))
    assert found.values[0] == found.values[2]
    assert found.faulty.tolist() == [False, False, False, True]


def test_a_time_beyond_any_calendar_is_a_fault():
    assert times(pd.Series(["1e30", "5"])).faulty.tolist() == [True, False]


def test_an_empty_column_has_no_faults():
    empty = pd.Series([], dtype="str")
    assert [len(read(empty).values) for read in (answers, numbers, times)] == [0, 0, 0]
    assert skills(empty).tolist() == []


def test_numbers_that_are_none_are_faults():
    found = numbers(pd.Series(["12", "inf", "x", "1_0"]))
    assert found.faulty.tolist() == [False, True, True, True]


def test_skills_have_one_spelling():
    found = skills(pd.Series(["b~~a~~b", " a ~~b", "Volume (3D)", "~~", "a~b", "x, y"]))
    assert found.dropna().tolist() == ["a~~b", "a~~b", "Volume (3D)", "a~b", "x, y"]
