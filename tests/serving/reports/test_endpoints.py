"""A report is the same in every form, and for those alone whom it is about or who care for them."""

from __future__ import annotations

import csv
import io

import pytest

TIERS = ("support", "on-level", "on level", "advanced", "tier")


@pytest.fixture
def practised(world, answer):
    """Ana has answered well on fractions; Ben not at all."""
    world.send(*(answer(i) for i in range(1, 12)))
    return world


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_a_report_says_what_is_known_and_what_is_ahead(practised):
    report = practised.get("/v1/students/ana/report").json()
    words = {skill["skill"]: skill["words"] for skill in report["skills"]}
    assert words == {"fractions": "Knows this well", "ratios": "Still ahead"}
    assert (report["name"], report["answers"]) == ("Ana", 11)
    assert report["next"][0]["activity"] == "paint"


def test_several_skills_in_one_question_are_no_further_skill(practised, answer):
    practised.send(answer(12) | {"item": None, "skills": ["fractions", "ratios"]})
    report = practised.get("/v1/students/ana/report").json()
    assert "Of 2 skills: 1 known well, 0 being learnt, 1 still ahead." in report["summary"]
    page = practised.get("/v1/students/ana/report", headers={"Accept": "text/html"}).text
    assert "Several skills in one question: 1" in page


def test_every_form_tells_the_same(practised):
    document = practised.get("/v1/students/ana/report").json()
    table = rows(practised.get("/v1/students/ana/report?format=csv").text)
    page = practised.get("/v1/students/ana/report", headers={"Accept": "text/html"}).text
    assert [row["words"] for row in table] == [skill["words"] for skill in document["skills"]]
    assert all(skill["words"] in page for skill in document["skills"])
    assert document["summary"] in page


def test_a_report_agrees_with_the_mastery(practised):
    report = practised.get("/v1/students/ana/report").json()
    mastery = practised.get("/v1/students/ana/mastery").json()
    assert {s["skill"]: s["state"] for s in report["skills"]} == {
        s["skill"]: s["state"] for s in mastery["skills"]
    }


@pytest.mark.parametrize("role", ["student", "family", "teacher"])
def test_those_who_may_read_it_read_it(practised, role):
    assert practised.get("/v1/students/ana/report", role).status_code == 200
    assert practised.get("/v1/students/cy/report", role).status_code == 404


@pytest.mark.parametrize("path", ["/", "/students/ana/report", "/v1/students/ana/report"])
@pytest.mark.parametrize("role", ["student", "family"])
def test_no_tier_and_nobody_else_is_named_to_a_child_or_family(practised, path, role):
    text = practised.get(path, role, headers={"Accept": "text/html"}).text.lower()
    assert not any(word in text for word in TIERS)
    assert "ben" not in text


def test_without_a_model_there_is_a_page_and_it_says_so(bare):
    bare.store.put_roster("north", [{"id": "ana", "name": "Ana"}], [], now=bare.now)
    reply = bare.get("/", "student", headers={"Accept": "text/html"})
    assert reply.status_code == 200
    assert "Nothing to show yet" in reply.text
    assert bare.get("/v1/students/ana/report").status_code == 503


def test_a_family_begins_with_its_children(practised):
    page = practised.get("/", "family", headers={"Accept": "text/html"}).text
    assert 'href="/students/ana/report"' in page
    assert practised.get("/", "student").text.count("<h1>My learning</h1>") == 1


def test_a_class_s_report_counts_students_and_skills(practised):
    report = practised.get("/v1/classes/7b/report").json()
    [fractions, ratios] = report["skills"]
    assert fractions["states"]["secure"] == fractions["states"]["unseen"] == 1
    assert ratios["states"]["unseen"] == 2
    ana, ben = report["students"]
    assert (ana["answers"], ben["answers"]) == (11, 0)
    assert [sum(skill["states"].values()) for skill in report["skills"]] == [2, 2]


def test_a_class_s_report_has_a_table_and_a_page(practised):
    table = rows(practised.get("/v1/classes/7b/report?format=csv").text)
    assert [(row["name"], row["secure"]) for row in table] == [("Ana", "1"), ("Ben", "0")]
    page = practised.get("/classes/7b/report?objective=proportion", "teacher").text
    assert "Ana" in page
    assert "proportion" in page


def test_an_objective_that_does_not_exist_is_named(practised):
    reply = practised.get("/v1/classes/7b/report?objective=geometry")
    assert reply.status_code == 422
    assert "proportion" in reply.json()["detail"]


def test_a_teacher_finds_the_reports_from_the_pages(practised):
    class_page = practised.get("/classes/7b", "teacher").text
    student_page = practised.get("/classes/7b/students/ana", "teacher").text
    assert "/classes/7b/report" in class_page
    assert "/students/ana/report" in student_page
