"""What a tier works on, and what would tell most about a student."""

import pytest

from engine.classroom import classroom
from engine.tier_work import diagnostic, focus, materials

STRONG = {"fraction": "11111", "ratio": "11111", "percent": "11111"}
WEAK = {"fraction": "11111", "ratio": "00000", "percent": "01000"}


@pytest.fixture(scope="module")
def room(course, believed):
    def room(*students, objective="rates"):
        beliefs = {f"s{n}": believed(answers) for n, answers in enumerate(students)}
        return classroom(course, objective, beliefs)

    return room


def test_support_focuses_on_missing_prerequisites_and_the_others_on_targets(room):
    assert set(focus(room(WEAK), "support", [0])) == {"ratio", "percent"}
    assert set(focus(room(STRONG), "on-level", [0])) == {"slope", "rate"}
    assert focus(room({"fraction": "0"}, objective="basics"), "support", [0]) == ("fraction",)


def test_a_group_of_nobody_needs_nothing(room):
    assert focus(room(), "support", []) == ()


def test_materials_are_at_the_level_of_the_tier_by_modality(room, course):
    for tier in ("support", "on-level", "advanced"):
        found = materials(room(), tier, [])
        for modality, ids in found.items():
            assert all(course.activities[a].level == tier for a in ids)
            assert all(course.activities[a].modality == modality for a in ids)
            assert not any(course.activities[a].assesses for a in ids)
    assert set(materials(room(), "on-level", [])) == {"video", "exercise", "workshop"}


def test_support_gets_work_on_what_it_lacks_before_the_targets(room):
    assert materials(room(WEAK), "support", ["ratio"])["exercise"][0] == "ratio-steps"


def test_the_diagnostic_is_a_check_on_the_skill_that_matters_most(room, course):
    found = course.activities[diagnostic(room({}), 0)]
    assert found.assesses
    assert set(found.skills) <= {"fraction", "ratio", "percent", "slope", "rate"}


def test_a_diagnostic_does_not_ask_what_is_known(room, course):
    sure = {"fraction": "1" * 9, "ratio": "1" * 9, "percent": "1" * 9, "rate": "1" * 9}
    assert diagnostic(room(sure), 0) == "slope-quiz"


def test_where_nothing_asks_there_is_no_diagnostic(room):
    assert diagnostic(room({}, objective="empty"), 0) is None
