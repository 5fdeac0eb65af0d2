"""However a log is interleaved, its sequences are those of sorting it row by row."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.sequences import sequences_of

rows = st.lists(st.tuples(st.sampled_from("cab"), st.sampled_from("yx")), max_size=30)


def slowly(frame):
    """Rows sorted by skill, then student in the order of appearance, then as they came."""
    students = list(dict.fromkeys(frame["student"]))
    key = [
        (skill, students.index(who)) for who, skill in zip(frame.student, frame.skill, strict=True)
    ]
    order = sorted(range(len(key)), key=key.__getitem__)
    starts = [n for n, row in enumerate(order) if n == 0 or key[row] != key[order[n - 1]]]
    return order, [*starts, len(order)]


def check(pairs):
    frame = pd.DataFrame(pairs, columns=["student", "skill"], dtype="str").assign(correct=1)
    found = sequences_of(frame)
    order, starts = slowly(frame)
    assert found.order.tolist() == order
    assert found.starts.tolist() == starts
    of_sequence = frame["skill"].iloc[found.order[found.starts[:-1]]].tolist()
    assert [found.skills[skill] for skill in found.skill_of] == of_sequence
    assert found.students == frame["student"].nunique()


@settings(max_examples=100, deadline=None)
@given(rows)
def test_rows_in_any_order_make_the_sequences_of_a_sort(pairs):
    check(pairs)


@pytest.mark.parametrize("times", [1, 40])
def test_long_pieces_make_the_sequences_of_a_sort(times):
    check([pair for pair in [("c", "y"), ("a", "y"), ("c", "x"), ("c", "y")] for _ in range(times)])


def test_the_order_of_the_table_is_kept_where_it_is_sorted_already():
    frame = pd.DataFrame({"student": np.repeat(["b", "a"], 20), "skill": "x", "correct": 1})
    assert sequences_of(frame).order.tolist() == list(range(40))
