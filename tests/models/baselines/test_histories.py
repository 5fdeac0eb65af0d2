"""Histories beside a plain loop over the table."""

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from models.baselines.histories import (
    UNSEEN,
    histories_of,
    numbered,
    occurrences_of,
    of_students,
    vocabulary,
)

TABLE = pd.DataFrame(
    {
        "student": ["b", "a", "b", "a", "a"],
        "skill": ["x", "y~~w", "x", "x", "w~~y"],
        "item": ["1", "2", None, "1", "3"],
        "correct": [1.0, 0.0, 0.5, 1.0, 1.0],
        "time": ["2026-01-02", "2026-01-05", "2026-01-01", "2026-01-03", "2026-01-04"],
    }
)


def test_each_student_comes_in_the_order_of_the_clock():
    found = histories_of(TABLE)
    assert found.order.tolist() == [2, 0, 3, 4, 1]
    assert found.starts.tolist() == [0, 2, 5]
    assert [found.skills[skill] for skill in found.skill] == ["x", "x", "x", "w~~y", "w~~y"]
    assert [found.items[item] for item in found.item] == ["", "1", "1", "3", "2"]
    assert found.clocked
    assert np.diff(found.clock)[2:].tolist() == [86400.0, 86400.0]


def test_where_one_has_no_time_all_are_counted():
    found = histories_of(TABLE.assign(time=TABLE["time"].where(TABLE.index != 1)))
    assert not found.clocked
    assert found.clock.tolist() == [0, 1, 0, 1, 2]


def test_values_go_back_to_their_rows():
    found = histories_of(TABLE)
    assert found.in_table_order(found.correct).tolist() == TABLE["correct"].tolist()


def test_without_items_the_skill_stands_for_the_item():
    found = histories_of(TABLE.drop(columns="item"))
    assert found.items == found.skills
    assert found.item.tolist() == found.skill.tolist()


def test_some_students_alone():
    found = of_students(histories_of(TABLE), [1])
    assert (found.order.tolist(), found.starts.tolist()) == ([3, 4, 1], [0, 3])


def test_an_occurrence_is_a_response_and_one_of_its_skills():
    histories = histories_of(TABLE)
    found = occurrences_of(histories)
    named = [(int(e), found.skills[s]) for e, s in zip(found.event, found.skill, strict=True)]
    assert named == [(0, "x"), (1, "x"), (2, "x"), (3, "w"), (3, "y"), (4, "w"), (4, "y")]


def test_a_name_never_seen_has_the_number_kept_for_it():
    assert numbered(["b", "zz"], vocabulary(["a", "b"])).tolist() == [2, UNSEEN]


def test_no_rows_are_refused():
    with pytest.raises(InvalidInput, match="no rows"):
        histories_of(TABLE.iloc[:0])
