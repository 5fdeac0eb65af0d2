import pytest

from data.store.bodies import thing, whole_bodies
from engine.curriculum import Activity
from engine.errors import InvalidInput


def test_a_field_left_out_or_null_takes_the_engine_s_own_default():
    bodies = whole_bodies("activities", [{"id": "a", "skills": ["s"], "modality": None}])
    assert thing("activities", "a", bodies["a"]) == Activity("a", ("s",))


def test_what_else_a_body_says_is_kept():
    bodies = whole_bodies("students", [{"id": "ana", "name": "Ana", "year": 7}])
    assert bodies["ana"] == {
        "name": "Ana",
        "family": [],
        "interests": [],
        "tools": None,
        "year": 7,
    }


def test_what_the_server_adds_is_not_kept_when_it_comes_back():
    seen = {"id": "s", "name": "S", "version": 4, "updated_at": "2026-09-01T08:30:00+00:00"}
    assert whole_bodies("skills", [seen]) == {"s": {"name": "S", "prerequisites": []}}


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("skills", "name", 7),
        ("skills", "prerequisites", "fractions"),
        ("skills", "prerequisites", ["a", "a"]),
        ("skills", "prerequisites", ["a\0"]),
        ("items", "skills", []),
        ("activities", "minutes", -5),
        ("activities", "minutes", float("nan")),
        ("activities", "minutes", True),
        ("activities", "level", "expert"),
        ("activities", "level", ["support"]),
        ("activities", "teacher_led", "yes"),
        ("activities", "modality", ""),
        ("classes", "students", {"ana": 1}),
    ],
)
def test_a_value_that_does_not_fit_is_named(kind, field, value):
    with pytest.raises(InvalidInput) as caught:
        whole_bodies(kind, [{"id": "x", "skills": ["s"], field: value}])
    assert [fault.place for fault in caught.value.faults] == [f"{kind} x, {field}"]


def test_every_fault_of_every_row_is_reported_at_once():
    rows = [{"id": "a"}, {"id": "a"}, {"id": ""}, {"name": 3}, {"id": "a~~b"}]
    with pytest.raises(InvalidInput) as caught:
        whole_bodies("skills", rows)
    assert len(caught.value.faults) == 5


def test_an_unknown_kind_is_refused():
    with pytest.raises(InvalidInput, match="lessons"):
        whole_bodies("lessons", [])
