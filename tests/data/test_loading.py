"""From files to what the store takes in."""

import pandas as pd
import pytest

from data.loading import facts_in, new_events, roster_in
from engine.errors import InvalidInput


def table(**columns):
    return pd.DataFrame({"student": "ana", "skill": "ratio", "correct": 1.0, **columns})


def test_a_response_without_an_id_gets_the_same_one_every_time():
    events = table(correct=[1.0, 0.0])
    first = [event.id for event in new_events(events)]
    assert first == [event.id for event in new_events(events)]
    assert len(set(first)) == 2


def test_rows_added_at_the_end_leave_the_ids_before_them_alone():
    events = table(correct=[1.0, 0.0, 1.0])
    before = [event.id for event in new_events(events[:2])]
    assert [event.id for event in new_events(events)][:2] == before


def test_made_up_ids_sort_in_the_order_of_the_responses():
    ids = [event.id for event in new_events(table(correct=[0.0, 1.0] * 600))]
    assert ids == sorted(ids)


def test_two_equal_answers_in_a_row_are_two_responses():
    assert len({event.id for event in new_events(table(correct=[1.0, 1.0]))}) == 2


def test_what_is_not_known_is_left_out():
    [event] = new_events(table(item=[None], hints=[float("nan")], attempt=[2.0]))
    assert (event.item, event.hints, event.attempt) == (None, None, 2)
    assert event.occurred_at is None


def test_blank_cells_are_not_values(tmp_path):
    path = tmp_path / "skills.csv"
    path.write_text("skill,name,prerequisites\n007, ,\n")
    assert facts_in(path, "skills") == [{"id": "007"}]


def test_a_student_may_sit_in_two_classes_but_have_one_name(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("class,student,student_name\n7a,s1,Ana\n7b,s1,Ana\n7b,s1,Ana\n")
    roster = roster_in(path)
    assert roster.students == [{"id": "s1", "name": "Ana"}]
    assert [each["students"] for each in roster.classes] == [["s1"], ["s1"]]
    path.write_text("class,student,student_name\n7a,s1,Ana\n7b,s1,Anna\n")
    with pytest.raises(InvalidInput, match="Ana and Anna"):
        roster_in(path)


def test_a_column_given_twice_is_refused_instead_of_half_read(tmp_path):
    path = tmp_path / "skills.csv"
    path.write_text("skill,name,name\nratio,Ratios,Fractions\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="column name: got 'given twice'"):
        facts_in(path, "skills")
