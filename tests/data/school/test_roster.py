"""A register reads like one, and holds the students a teacher would have to think about."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from data.school.roster import FIRST_NAMES, draw_roster

START = date(2025, 9, 8)


def register(*, seed=1, classes=3, students_per_class=28):
    rng = np.random.default_rng(seed)
    return draw_roster(
        rng, classes=classes, students_per_class=students_per_class, start=START, weeks=14
    )


def test_every_student_sits_in_exactly_one_class():
    roster = register()
    seated = [student for one in roster.classes for student in one.students]
    assert seated == [student.id for student in roster.students]
    assert len(set(seated)) == 3 * 28


def test_ids_are_numbers_that_sort_as_text():
    ids = [student.id for student in register().students]
    assert ids[0] == "s001"
    assert ids == sorted(ids)


def test_classes_carry_their_teacher_in_their_name():
    for one in register().classes:
        assert one.name.endswith(f"— {one.teacher}")


def test_first_names_do_not_repeat_while_there_are_enough():
    firsts = [student.name.split()[0] for student in register().students]
    assert len(set(firsts)) == len(firsts)
    assert len(set(FIRST_NAMES)) == len(FIRST_NAMES) >= 84


@pytest.mark.parametrize("seed", range(5))
def test_a_school_has_two_absentees_one_newcomer_and_some_who_work_ahead(seed):
    stories = Counter(student.story for student in register(seed=seed).students)
    assert stories["mostly absent"] == 2
    assert stories["newcomer"] == 1
    assert stories["ahead"] >= 1


def test_the_newcomer_joins_in_the_last_week():
    newcomer = register().students[-1]
    assert newcomer.story == "newcomer"
    assert newcomer.joined == date(2025, 12, 8)


def test_a_tiny_school_has_neither():
    stories = {s.story for s in register(classes=1, students_per_class=3).students}
    assert stories <= {"regular", "ahead"}


def test_a_large_school_still_has_unique_classes_and_students():
    roster = register(classes=30, students_per_class=40)
    assert len({one.id for one in roster.classes}) == 30
    assert roster.classes[26].id == "7aa"
    assert len({student.id for student in roster.students}) == 1200
