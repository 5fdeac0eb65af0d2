import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store.identifiers import check_ids, is_id
from engine.errors import InvalidInput


@pytest.mark.parametrize("value", ["a", "Volume (3D)", "C++", "'; DROP TABLE x", "数学", "x" * 200])
def test_any_unicode_text_is_an_id(value):
    assert is_id(value)


@pytest.mark.parametrize("value", ["", "x" * 201, "a\0b", "half \ud800", None, 7, b"a"])
def test_what_no_database_can_keep_is_none(value):
    assert not is_id(value)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_every_text_that_utf8_can_write_is_an_id_up_to_the_limit(value):
    assert is_id(value) == (len(value) <= 200)


def test_every_fault_is_named_and_can_be_printed():
    with pytest.raises(InvalidInput) as caught:
        check_ids("student", "fine", "a\0b", "\ud800")
    assert len(caught.value.faults) == 2
    str(caught.value).encode()
