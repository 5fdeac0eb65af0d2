"""Whose data each role reaches."""

from __future__ import annotations

import pytest

from data.store import Principal, Role
from engine.errors import NotFound
from serving.reach import (
    PAGE,
    everything,
    reaches_student,
    require_student,
    visible_class,
    visible_classes,
    visible_students,
)

TEACHER = Principal("north", Role.TEACHER, user="ms-rivera")
OTHER = Principal("north", Role.TEACHER, user="mr-stone")
ADMIN = Principal("north", Role.ADMIN)
ANA = Principal("north", Role.STUDENT, user="ana")
MOTHER = Principal("north", Role.FAMILY, user="mrs-alvarez")
NAMELESS = Principal("north", Role.STUDENT)


@pytest.fixture
def context(world):
    return world.app.state.context


def test_a_class_is_its_teachers_to_see_and_the_admins(context):
    assert visible_class(context, TEACHER, "7b")["name"] == "7b"
    assert [found["id"] for found in visible_classes(context, ADMIN)] == ["7b"]
    assert visible_classes(context, OTHER) == []
    with pytest.raises(NotFound):
        visible_class(context, OTHER, "7b")


def test_a_student_is_seen_by_those_who_teach_them(context):
    require_student(context, TEACHER, "ana")
    require_student(context, ADMIN, "cy")
    for caller, student in ((TEACHER, "cy"), (OTHER, "ana"), (ADMIN, "nobody")):
        with pytest.raises(NotFound):
            require_student(context, caller, student)


def test_a_student_of_whom_only_answers_are_known_is_known(world, context, answer):
    world.send(answer(1, student="new"))
    require_student(context, ADMIN, "new")


def test_everything_comes_page_after_page(world):
    rows = [{"id": f"s{number:04d}"} for number in range(PAGE + 1)]
    world.store.put_roster("north", rows, [], now=world.now)
    found = [fact["id"] for fact in everything(world.store, "north", "students")]
    assert len(found) == len(set(found)) == PAGE + 1 + 3


def test_students_see_themselves_and_families_their_children(context):
    for caller in (ANA, MOTHER):
        assert visible_students(context, caller) == {"ana"}
        assert reaches_student(context, caller, "ana")
        assert not reaches_student(context, caller, "ben")
        assert visible_classes(context, caller) == []
        with pytest.raises(NotFound):
            visible_class(context, caller, "7b")


def test_a_student_s_key_without_a_name_reaches_nobody(context):
    assert visible_students(context, NAMELESS) == frozenset()
    assert not reaches_student(context, NAMELESS, "ana")


def test_a_link_that_is_taken_away_reaches_no_longer(world, context):
    world.store.put("north", "students", "ana", {"family": []}, now=world.now)
    assert not reaches_student(context, MOTHER, "ana")


def test_a_deleted_student_has_no_family(world, context):
    world.store.put("north", "students", "dee", {"family": ["mrs-alvarez"]}, now=world.now)
    world.store.delete("north", "students", "dee", now=world.now)
    assert visible_students(context, MOTHER) == {"ana"}
