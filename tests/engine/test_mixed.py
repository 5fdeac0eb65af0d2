"""Mixed groups, pairs and groups by hand: everybody once, wishes kept, reasons given."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.classroom import classroom
from engine.errors import InvalidInput
from engine.group_quality import quality, visits
from engine.mixed import helping_pairs, manual_groups, mixed_groups
from engine.seat_wishes import SeatWishes, unmet

READY = {"fraction": "11111", "ratio": "11111", "percent": "11111"}
KINDS = (
    {**READY, "slope": "11111", "rate": "11111"},
    {**READY, "slope": "000"},
    {"fraction": "0000"},
    {},
)


@pytest.fixture(scope="module")
def crowd(believed):
    known = [believed(answers) for answers in KINDS]
    return lambda n: {f"s{i:02}": known[i % len(known)] for i in range(n)}


def members(grouping):
    return [[seat.student for seat in group.students] for group in grouping.groups]


@given(st.integers(0, 30), st.integers(1, 8), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_everybody_sits_in_exactly_one_group(course, crowd, n, size, seed):
    found = mixed_groups(course, "rates", crowd(n), size=size, seed=seed)
    assert sorted(one for some in members(found) for one in some) == sorted(crowd(n))
    assert found.unplaced == ()


def test_groups_are_more_alike_than_random_ones(course, crowd):
    beliefs = crowd(24)
    found = mixed_groups(course, "rates", beliefs, size=4)
    figures = quality(classroom(course, "rates", beliefs), found, met={}, seed=1)
    assert figures.spread < figures.random_spread / 2
    assert figures.coverage >= figures.random_coverage


def test_who_must_be_apart_is_and_who_must_be_together_is(course, crowd):
    wishes = SeatWishes(apart=(("s00", "s04", "s08"),), together=(("s01", "s02"),))
    found = members(mixed_groups(course, "rates", crowd(12), size=4, wishes=wishes))
    assert unmet(wishes, found) == ()


def test_a_lock_holds(course, crowd):
    wishes = SeatWishes(locked={"s00": 2, "s01": 2})
    found = members(mixed_groups(course, "rates", crowd(12), size=4, wishes=wishes))
    assert {"s00", "s01"} <= set(found[2])


def test_wishes_that_contradict_each_other_still_seat_everybody(course, crowd):
    everybody = tuple(crowd(9))
    wishes = SeatWishes(apart=(everybody,), together=(everybody,))
    found = members(mixed_groups(course, "rates", crowd(9), size=3, wishes=wishes))
    assert sorted(one for some in found for one in some) == sorted(everybody)
    assert unmet(wishes, found)


def test_old_neighbours_are_parted_where_it_costs_nothing(course, believed):
    alike = dict.fromkeys("abcd", believed(READY))
    met = {frozenset("ab"): 1, frozenset("cd"): 1}
    found = members(mixed_groups(course, "rates", alike, size=2, met=met))
    assert {frozenset(some) for some in found}.isdisjoint(met)


def test_a_pair_joins_what_each_lacks(course, believed):
    one, other = believed({"slope": "11111", "rate": "0000"}), believed({"rate": "11111"})
    found = helping_pairs(course, "rates", {"a": one, "b": one, "c": other, "d": other})
    assert all({"a", "b"} - set(pair) for pair in members(found))
    codes = {reason.code for group in found.groups for s in group.students for reason in s.reasons}
    assert codes & {"helps", "is_helped"}


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7])
def test_pairs_of_an_odd_class_leave_nobody_alone(course, crowd, n):
    sizes = [len(some) for some in members(helping_pairs(course, "rates", crowd(n)))]
    assert sum(sizes) == n
    assert all(2 <= size <= 3 for size in sizes) or n < 2


def test_groups_by_hand_are_as_named_and_the_rest_in_none(course, crowd):
    found = manual_groups(course, "rates", crowd(5), members=[["s03", "s00"], []])
    assert [sorted(some) for some in members(found)] == [["s00", "s03"], []]
    assert [one.student for one in found.unplaced] == ["s01", "s02", "s04"]


def test_by_hand_strangers_and_doubles_are_named(course, crowd):
    with pytest.raises(InvalidInput) as error:
        manual_groups(course, "rates", crowd(2), members=[["s00", "zoe"], ["s00"]])
    assert [fault.value for fault in error.value.faults] == ["zoe", "s00"]


def test_the_same_seed_seats_the_same(course, crowd):
    first, again = (mixed_groups(course, "rates", crowd(15), size=4, seed=3) for _ in range(2))
    assert first == again


def test_the_teacher_goes_first_where_most_is_to_be_gained(course, believed):
    beliefs = {"a": believed({**READY, "slope": "11111"}), "b": believed({"fraction": "0000"})}
    found = manual_groups(course, "rates", beliefs, members=[["a"], ["b"]])
    order = visits(classroom(course, "rates", beliefs), found)
    assert order[0].group == 1
    assert order[0].skill == "fraction"
    assert [one.gain for one in order] == sorted((one.gain for one in order), reverse=True)


def test_nobody_and_no_skills_are_no_trouble(course, crowd):
    assert mixed_groups(course, "rates", {}).groups == ()
    empty = mixed_groups(course, "empty", crowd(5), size=2)
    figures = quality(classroom(course, "empty", crowd(5)), empty, met={}, seed=0)
    assert sum(len(some) for some in members(empty)) == 5
    assert figures.spread == 0.0
