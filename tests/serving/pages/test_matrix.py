"""The matrix shows every student once, who needs most first, in the skills that matter."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.beliefs import student_beliefs
from serving.answers import ClassMastery, StudentMastery
from serving.pages.matrix import matrix

NOW = datetime(2026, 9, 15, tzinfo=UTC)


@pytest.fixture
def mastery(course, model, answers):
    def of(*students, skills=("fractions", "ratios", "slope")):
        return ClassMastery(
            "7b", "7b", "lines", NOW, model.version, skills, tuple(one(s, skills) for s in students)
        )

    def one(student, skills):
        identifier, name, scores = student
        beliefs = student_beliefs(answers(*scores), model, skills)
        return StudentMastery(identifier, name, NOW, model.version, beliefs)

    return of


ANA, BEN, CY = ("ana", "Ana", [1.0] * 5), ("ben", "ben", [0.0] * 5), ("cy", "", [])


def test_the_objective_comes_first_then_what_it_builds_on(course, mastery, need):
    table = matrix(course, mastery(ANA), {"ana": need()}, order="need")
    columns = [(group.title, [c.name for c in group.columns]) for group in table.groups]
    assert columns == [("This objective", ["Ratios", "Slope"]), ("Builds on", ["Adding fractions"])]


def test_a_column_counts_who_is_secure(course, mastery, need):
    found = mastery(ANA, BEN)
    table = matrix(course, found, {"ana": need(), "ben": need()}, order="name")
    assert table.groups[1].columns[0].secure == "1 of 2 secure"


def test_who_lacks_the_groundwork_stands_above_who_is_ahead(course, mastery, need):
    tiers = {"ana": need("advanced"), "ben": need("support"), "cy": need("unplaced")}
    table = matrix(course, mastery(ANA, BEN, CY), tiers, order="need")
    assert [row.tier for row in table.rows] == ["support", "unplaced", "advanced"]


def test_inside_a_tier_the_further_behind_stands_higher(course, mastery, need):
    tiers = {"ana": need(urgency=0.5), "ben": need(urgency=0.9)}
    table = matrix(course, mastery(ANA, BEN), tiers, order="need")
    assert [row.name for row in table.rows] == ["ben", "Ana"]


def test_names_sort_whatever_their_case_and_ids_stand_in(course, mastery, need):
    tiers = dict.fromkeys(["ana", "ben", "cy"], need())
    table = matrix(course, mastery(BEN, CY, ANA), tiers, order="name")
    assert [row.name for row in table.rows] == ["Ana", "ben", "cy"]


def test_a_combination_of_skills_has_no_column(course, mastery, need):
    skills = ("fractions", "ratios", "slope", "fractions~~ratios")
    table = matrix(course, mastery(ANA, skills=skills), {"ana": need()}, order="need")
    assert len(table.rows[0].cells) == 3


def test_a_cell_leads_to_the_answers_behind_it(course, mastery, need):
    table = matrix(course, mastery(ANA), {"ana": need()}, order="need")
    cell = table.rows[0].cells[0]
    assert cell.href == "/classes/7b/students/ana?skill=ratios&objective=lines"
    assert [cell.first for cell in table.rows[0].cells] == [True, False, True]
