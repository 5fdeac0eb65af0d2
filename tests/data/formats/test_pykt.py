"""pyKT: lists of answers, each answer once."""

import pytest

from data.events import read_events
from engine.errors import InvalidInput


def test_every_answer_of_a_list_is_a_response(write):
    path = write("fold,uid,concepts,responses", '-1,7,"3,3,5","1,0,1"', '-1,8,"5","0"')
    events = read_events(path)
    assert events.quality.format == "pykt"
    assert events.frame["student"].tolist() == ["7", "7", "7", "8"]
    assert events.frame["skill"].tolist() == ["3", "3", "5", "5"]
    assert events.frame["source_row"].tolist() == [0, 0, 0, 1]


def test_padding_and_shown_history_are_no_responses(write):
    header = "uid,concepts,responses,selectmasks"
    path = write(header, '7,"3,4,-1","1,0,-1","1,1,-1"', '7,"4,5,-1","0,1,-1","-1,1,-1"')
    events = read_events(path)
    assert events.frame["skill"].tolist() == ["3", "4", "5"]
    assert events.quality.rows_read == 3


def test_a_response_repeated_per_concept_is_one(write):
    header = "uid,questions,concepts,responses,is_repeat"
    path = write(header, '7,"9,9,8","2,1,1","1,1,0","0,1,0"', '8,"8","1","1","1"')
    events = read_events(path)
    assert events.frame["skill"].tolist() == ["1~~2", "1", "1"]
    assert events.frame["item"].tolist() == ["9", "8", "8"]
    assert events.quality.joined == 1


def test_concepts_joined_by_an_underscore_are_several_skills(write):
    path = write("uid,concepts,responses,timestamps", '7,"2_1","1","1700000000000"')
    frame = read_events(path).frame
    assert frame["skill"].tolist() == ["1~~2"]
    assert frame["time"][0].year == 2023


def test_lists_of_unequal_length_are_refused_by_row(write):
    path = write("uid,concepts,responses", '7,"3","1"', '8,"3,3","1"')
    with pytest.raises(InvalidInput, match="row 3"):
        read_events(path)


def test_question_windows_are_refused(write):
    path = write("uid,concepts,responses,qidxs", '7,"3","1","0"')
    with pytest.raises(InvalidInput, match=r"train_valid\.csv"):
        read_events(path)


def test_the_real_export(real_formats):
    events = read_events(real_formats / "pykt_assist2015_test.csv.gz")
    assert (events.quality.usable, events.quality.students) == (138_458, 3_818)
    assert events.quality.skills == 100
    assert events.frame["correct"].sum() == 101_145
