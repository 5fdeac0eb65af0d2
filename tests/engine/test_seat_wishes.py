"""Wishes about who sits with whom: granted, or named with what stands in the way."""

import pytest

from engine.errors import InvalidInput
from engine.seat_wishes import SeatWishes, units, unmet

CLASS = ("a", "b", "c", "d", "e")


def test_strangers_and_missing_groups_are_all_named():
    wishes = SeatWishes(apart=(("a", "zoe"),), together=(("yan",),), locked={"a": 7})
    with pytest.raises(InvalidInput) as found:
        wishes.checked(CLASS, groups=2)
    assert {fault.value for fault in found.value.faults} == {"zoe", "yan", "7"}


def test_wishes_that_overlap_make_one_unit():
    assert units(CLASS, SeatWishes(together=(("a", "b"), ("b", "e")))) == [
        ("a", "b", "e"),
        ("c",),
        ("d",),
    ]


def test_whoever_is_locked_elsewhere_leaves_the_unit():
    wishes = SeatWishes(together=(("a", "b", "c"),), locked={"b": 1})
    assert units(CLASS, wishes) == [("a", "c"), ("b",), ("d",), ("e",)]


@pytest.mark.parametrize(
    ("wishes", "groups", "why"),
    [
        (SeatWishes(apart=(("a", "b"),), together=(("a", "b"),)), [["a", "b"]], "together"),
        (SeatWishes(apart=(("a", "b"),), locked={"a": 0, "b": 0}), [["a", "b"]], "locked"),
        (SeatWishes(apart=(("a", "b", "c"),)), [["a", "b"], ["c"]], "3 students"),
        (SeatWishes(together=(("a", "b", "c"),)), [["a", "b"], ["c"]], "no group holds more"),
        (SeatWishes(together=(("a", "b"),), locked={"a": 0, "b": 1}), [["a"], ["b"]], "locked"),
    ],
)
def test_what_cannot_be_had_is_named_with_the_reason(wishes, groups, why):
    found = unmet(wishes, groups)
    assert found
    assert any(why in one.why for one in found)


def test_what_was_granted_is_not_named():
    wishes = SeatWishes(apart=(("a", "b"),), together=(("b", "c"),))
    assert unmet(wishes, [["a", "d"], ["b", "c"]]) == ()
