"""The canonical table, under its own names or the caller's."""

import pytest

from data.events import read_events
from engine.errors import InvalidInput


def test_columns_can_have_other_names(write):
    path = write("user_id,kc,score,correct", "007,C++,0.5,9")
    columns = {"student": "user_id", "skill": "kc", "correct": "score"}
    assert read_events(path, columns=columns).frame["correct"].tolist() == [0.5]


def test_a_rename_to_or_from_nothing_is_refused_with_all_faults(write):
    path = write("student,skill,correct", "ana,a,1")
    with pytest.raises(InvalidInput) as raised:
        read_events(path, columns={"pupil": "student", "item": "question"})
    assert [fault.value for fault in raised.value.faults] == ["pupil", "question"]


def test_renaming_does_not_go_with_another_format(write):
    path = write("uid,concepts,responses", "7,3,1")
    with pytest.raises(InvalidInput, match="pykt"):
        read_events(path, format="pykt", columns={"student": "uid"})


def test_unreadable_times_and_numbers_are_faults_all_named(write):
    path = write("student,skill,correct,time,hints", "ana,a,1,soon,0", "ana,a,7,2026-09-01,few")
    with pytest.raises(InvalidInput) as raised:
        read_events(path)
    places = {fault.place for fault in raised.value.faults}
    assert places == {"row 2, time", "row 3, correct", "row 3, hints"}


def test_a_column_given_twice_is_refused(write):
    with pytest.raises(InvalidInput, match="twice"):
        read_events(write("student,skill,correct,student", "ana,a,1,ben"))
