"""A card for every tier: who is in it, what they need, and what to do with them."""

from __future__ import annotations

import pytest

from engine.tiers import Group, Grouping, SeatedStudent, UnplacedStudent
from serving.pages.groups import tier_cards

PEOPLE = {one: (one.title(), f"/{one}") for one in ("ana", "ben", "cy", "dee")}


@pytest.fixture
def cards(course, need):
    def of(needs, activities=None, unplaced=()):
        seats = [SeatedStudent(one, (1.0, 0.0, 0.0), ()) for one in needs if one not in unplaced]
        groups = (
            Group("support", tuple(seats), ("fractions",), activities or {}),
            Group("on-level", (), (), {"workshop": ("talk",)}),
            Group("advanced", (), (), {}),
        )
        waiting = tuple(UnplacedStudent(one, ()) for one in unplaced)
        grouping = Grouping("lines", groups, waiting)
        made = {one: need(focus=focus) for one, focus in needs.items()}
        return tier_cards(course, grouping, made, PEOPLE)

    return of


def test_there_is_a_card_for_every_tier_and_one_for_the_unplaced(cards):
    found = cards({"ana": "Ratios", "dee": "Find out first"}, unplaced=["dee"])
    assert [(card.tier, card.count) for card in found] == [
        ("support", 1),
        ("on-level", 0),
        ("advanced", 0),
        ("unplaced", 1),
    ]


def test_students_who_need_the_same_stand_together_the_most_shared_first(cards):
    support = cards({"ana": "Slope", "ben": "Ratios", "cy": "Ratios"})[0]
    together = [(need.focus, [seat.name for seat in need.seats]) for need in support.needs]
    assert together == [("Ratios", ["Ben", "Cy"]), ("Slope", ["Ana"])]


def test_activities_are_listed_by_kind_with_who_leads_them(cards):
    support = cards({"ana": "Ratios"}, {"workshop": ("talk",), "hands-on": ("cards",)})[0]
    workshop, hands_on = support.activities
    assert (workshop.modality, workshop.shown[0].name) == ("Workshop", "Talk it over")
    assert workshop.shown[0].facts == "20 min, on level, with you"
    assert hands_on.shown[0].facts == "10 min, on level"


def test_more_activities_of_a_kind_unfold(cards):
    support = cards({"ana": "Ratios"}, {"hands-on": ("cards", "talk")})[0]
    assert [line.name for line in support.activities[0].more] == ["Talk it over"]


def test_nobody_gets_no_activities(cards):
    on_level = cards({"ana": "Ratios"})[1]
    assert on_level.needs == ()
    assert on_level.activities == ()


def test_everyone_is_there_for_a_reason(cards):
    support = cards({"ana": "Ratios", "ben": "Slope"})[0]
    assert {seat.reasons for need in support.needs for seat in need.seats} == {("Because.",)}
