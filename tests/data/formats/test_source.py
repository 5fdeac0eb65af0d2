"""Columns as the text that was written."""

import pyarrow as pa
import pytest

from data.formats.source import texts

AS_TEXT = [
    (["007", "1.0", " x "], ["007", "1.0", " x "]),
    ([7, None, 9], ["7", None, "9"]),
    ([7.0, None, 2.5], ["7", None, "2.5"]),
    ([True, False], ["true", "false"]),
    ([["b", "a"], None], ["b~~a", None]),
    (["", "  ", None], [None, None, None]),
]


@pytest.mark.parametrize(("values", "expected"), AS_TEXT)
def test_values_become_the_text_a_person_would_write(values, expected):
    found = texts(pa.chunked_array([values]))
    assert found.astype(object).where(found.notna(), None).tolist() == expected


def test_categories_become_their_names():
    column = pa.chunked_array([pa.array(["a", "b", "a"]).dictionary_encode()])
    assert texts(column).tolist() == ["a", "b", "a"]


def test_an_empty_column_is_no_trouble():
    assert texts(pa.chunked_array([], pa.string())).tolist() == []
