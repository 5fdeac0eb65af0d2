"""Pseudonyms hide students and stay the same."""

from __future__ import annotations

import pytest

from serving.answers import Reading, class_mastery
from serving.auth import Forbidden
from serving.mastery.pseudonyms import pseudonym, pseudonymous

SECRET = "a secret of a school"


@pytest.fixture
def mastery(world, bundle):
    return class_mastery(Reading(world.store, bundle, "north", world.now), "7b")


def test_a_pseudonym_depends_on_student_tenant_and_secret():
    found = {
        pseudonym("ana", "north", SECRET),
        pseudonym("ben", "north", SECRET),
        pseudonym("ana", "south", SECRET),
        pseudonym("ana", "north", SECRET[::-1]),
    }
    assert len(found) == 4
    assert pseudonym("ana", "north", SECRET) in found


def test_names_and_the_order_of_the_roster_are_gone(mastery):
    hidden = pseudonymous(mastery, "north", SECRET)
    names = [student.student for student in hidden.students]
    assert names == sorted(names)
    assert {student.name for student in hidden.students} == {""}
    assert {id(one.skills) for one in hidden.students} == {
        id(one.skills) for one in mastery.students
    }


def test_without_a_secret_nothing_is_shown(mastery):
    with pytest.raises(Forbidden, match="TRELLIS_PSEUDONYM_SECRET"):
        pseudonymous(mastery, "north", "")
