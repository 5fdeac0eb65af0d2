"""Names as numbers, whatever holds them: by first appearance, as pandas has it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.coding import codes_of, runs_of

NAMES = st.text(min_size=0, max_size=6)


def same_as_pandas(column):
    codes, values = codes_of(column)
    expected, found = pd.factorize(column)
    np.testing.assert_array_equal(codes, expected)
    assert list(values) == list(found)


@settings(max_examples=100, deadline=None)
@given(st.lists(NAMES, max_size=30))
def test_texts_are_numbered_by_first_appearance(names):
    same_as_pandas(pd.Series(names, dtype="str"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), NAMES), max_size=20))
def test_where_there_is_no_name_there_is_no_number(names):
    same_as_pandas(pd.Series(names, dtype="str"))


@pytest.mark.parametrize("kind", ["int8", "uint8", "int32", "int64", "uint64"])
@pytest.mark.parametrize("spread", [1, 10**12])
def test_whole_numbers_are_numbered_by_first_appearance(kind, spread):
    numbers = np.random.default_rng(0).integers(0, 100, 500)
    column = pd.Series(numbers.astype(kind) * np.array(spread if kind.endswith("64") else 1, kind))
    same_as_pandas(column)


def test_the_ends_of_a_type_are_numbers_like_others():
    same_as_pandas(pd.Series(np.array([-(2**63), 2**63 - 1, 0, -(2**63)])))
    same_as_pandas(pd.Series(np.array([2**64 - 1, 0, 2**64 - 2, 2**64 - 1], dtype=np.uint64)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, st.integers(1, 40)), max_size=8))
def test_runs_of_any_length_are_found(runs):
    names = [name for name, length in runs for _ in range(length)]
    same_as_pandas(pd.Series(names, dtype="str"))
    heads = runs_of(pd.Series(names, dtype="str")).heads.tolist()
    changes = [n for n, name in enumerate(names) if n == 0 or name != names[n - 1]]
    assert heads == [*changes, len(names)]


def test_texts_that_hang_together_are_not_taken_for_one_another():
    # the letters of all rows are "ababab…": only their lengths tell the names apart
    same_as_pandas(pd.Series(["ab", "ab", "a", "b", "ab", "aba", "bab"] * 30, dtype="str"))
    same_as_pandas(pd.Series(["", "", "a", "", "a", "a"] * 30, dtype="str"))


def test_categories_that_do_not_appear_have_no_number():
    same_as_pandas(pd.Series(pd.Categorical(["b", None, "a", "a"], categories=["z", "a", "b"])))
    same_as_pandas(pd.Series(pd.Categorical(["b", "a", "a"], categories=["z", "a", "b"])))


def test_many_names_and_names_of_any_length_are_told_apart():
    names = [f"student {n}" for n in range(30_000)] + ["x" * n for n in range(300)]
    same_as_pandas(pd.Series(names * 2, dtype="str"))


def test_part_of_a_column_is_read_as_that_part():
    same_as_pandas(pd.Series(list("abcabcxyz"), dtype="str").iloc[4:8])


def test_a_column_in_pieces_is_read_as_one():
    whole = pd.concat([pd.Series(list("ab"), dtype="str"), pd.Series(list("bc"), dtype="str")])
    same_as_pandas(whole.reset_index(drop=True))


@pytest.mark.parametrize("kind", ["category", "object", "string", "Int64"])
def test_other_kinds_of_column_are_numbered_too(kind):
    column = pd.Series([3, 1, 3, 2]).astype(str).astype(kind if kind != "Int64" else "str")
    codes, values = codes_of(column.astype("Int64") if kind == "Int64" else column)
    assert codes.tolist() == [0, 1, 0, 2]
    assert [str(value) for value in values] == ["3", "1", "2"]
