"""The store gets everything the school is made of, as JSON can carry it."""

import json

import pytest

from data.mathematics import middle_school_mathematics
from data.school import school_facts, simulate_school

SCHOOL = simulate_school(middle_school_mathematics(), seed=5, students_per_class=5, weeks=3)
FACTS = school_facts(SCHOOL)


def test_all_kinds_are_there_with_an_id_each():
    kinds = {"skills", "objectives", "items", "activities", "students", "classes"}
    assert set(FACTS) == kinds
    for things in FACTS.values():
        assert len({thing["id"] for thing in things}) == len(things) > 0


def test_they_survive_json():
    assert json.loads(json.dumps(FACTS)) == FACTS


def test_nothing_that_a_school_could_not_know_is_among_them():
    assert set(FACTS["students"][0]) == {"id", "name"}
    assert set(FACTS["items"][0]) == {"id", "skills", "name"}
    assert set(FACTS["classes"][0]) == {"id", "name", "teacher", "students"}


@pytest.mark.parametrize("column", ["student", "item", "activity"])
def test_every_id_in_the_log_is_among_them(column):
    kind = {"student": "students", "item": "items", "activity": "activities"}[column]
    assert set(SCHOOL.events[column]) <= {thing["id"] for thing in FACTS[kind]}
