import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.store.plain import plain
from engine.errors import InvalidInput

texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
)


@settings(max_examples=50, deadline=None)
@given(values)
def test_what_json_can_hold_reads_back_the_same(value):
    assert plain("body", value) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", object(), {1: {2}}])
def test_what_json_cannot_hold_is_refused_by_its_place(value):
    with pytest.raises(InvalidInput, match="body"):
        plain("body", value)


def test_a_body_that_contains_itself_is_refused():
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(InvalidInput):
        plain("body", endless)
