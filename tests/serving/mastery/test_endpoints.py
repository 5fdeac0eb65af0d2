"""What is believed of students: a pure function of their answers and the model."""

from __future__ import annotations

import csv
import io
import random

import pytest

MANY = [(i, i % 3 != 0) for i in range(40)]


def skill(world, student="ana", name="fractions", **query):
    reply = world.get(f"/v1/students/{student}/mastery", params={"skill": name, **query})
    return reply.json()["skills"][0]


def test_a_student_who_never_answered_is_unseen_everywhere(world):
    skills = world.get("/v1/students/ana/mastery").json()["skills"]
    assert [one["skill"] for one in skills] == ["fractions", "ratios"]
    assert {one["state"] for one in skills} == {"unseen"}
    assert {one["n"] for one in skills} == {0}


def test_right_answers_raise_mastery_inside_its_interval(world, answer):
    before = skill(world)
    world.send(*(answer(i) for i in range(5)))
    after = skill(world)
    assert after["p_mastery"] > before["p_mastery"]
    assert after["low"] <= after["p_mastery"] <= after["high"]
    assert (after["n"], after["evidence"]) == (5, "some")


def test_order_of_arrival_and_repeats_change_nothing(world, answer):
    events = [answer(i, correct=right) for i, right in MANY]
    shuffled = [answer(i, student="ben", correct=right, id=f"b{i}") for i, right in MANY] * 2
    random.Random(7).shuffle(shuffled)
    world.send(*events)
    for start in range(0, len(shuffled), 9):
        world.send(*shuffled[start : start + 9])
    ana, ben = skill(world), skill(world, "ben")
    assert ben["n"] == ana["n"] == len(MANY)
    for name in ("p_mastery", "low", "high", "p_correct"):
        assert ben[name] == pytest.approx(ana[name], rel=0, abs=1e-12)


def test_as_of_asks_what_was_known_then(world, answer):
    world.send(answer(1), answer(2, correct=False), answer(3, correct=False))
    then = skill(world, as_of="2026-09-01T08:01:30Z")
    assert then["n"] == 1
    assert then["p_mastery"] > skill(world)["p_mastery"]


def test_as_of_takes_any_zone_but_not_none(world, answer, expected_by_field):
    world.send(answer(1), answer(2))
    assert skill(world, as_of="2026-09-01T10:01:30+02:00")["n"] == 1
    reply = world.get("/v1/students/ana/mastery?as_of=2026-09-01T08:00:00")
    assert reply.status_code == 422
    assert "time zone" in expected_by_field(reply)["as_of"]


def test_an_unknown_student_is_not_found_and_an_unknown_skill_is_named(world, expected_by_field):
    assert world.get("/v1/students/nobody/mastery").status_code == 404
    reply = world.get("/v1/students/ana/mastery?skill=fractions&skill=fraktions")
    assert reply.status_code == 422
    assert "fractions" in expected_by_field(reply)["skill"]


def test_a_skill_the_model_never_saw_is_marked_as_pooled(world):
    world.call("PUT", "/v1/skills/Volume%20(3D)", json={})
    assert skill(world, name="Volume (3D)")["pooled"] is True
    assert skill(world)["pooled"] is False


def test_a_class_lists_every_student_in_every_skill(world, answer):
    world.send(answer(1, student="ben"))
    found = world.get("/v1/classes/7b/mastery").json()
    assert [student["student"] for student in found["students"]] == ["ana", "ben"]
    assert [len(student["skills"]) for student in found["students"]] == [2, 2]


def test_class_and_student_agree_to_the_last_digit(world, answer):
    world.send(*(answer(i, correct=right) for i, right in MANY))
    in_class = world.get("/v1/classes/7b/mastery").json()["students"][0]
    assert in_class == world.get("/v1/students/ana/mastery").json()


def test_csv_and_json_are_two_forms_of_one_value(world, answer):
    world.send(answer(1))
    document = world.get("/v1/classes/7b/mastery").json()
    reply = world.get("/v1/classes/7b/mastery", headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert [float(row["p_mastery"]) for row in rows] == [
        skill["p_mastery"] for student in document["students"] for skill in student["skills"]
    ]
    assert world.get("/v1/classes/7b/mastery?format=csv").text == reply.text


def test_a_name_cannot_become_a_formula_in_a_spreadsheet(world):
    world.call("PUT", "/v1/students/ana", json={"name": '=HYPERLINK("http://evil","x")'})
    rows = list(csv.DictReader(io.StringIO(world.get("/v1/classes/7b/mastery?format=csv").text)))
    assert rows[0]["name"].startswith("'=")


def test_a_class_on_an_objective_shows_what_it_builds_on(world):
    found = world.get("/v1/classes/7b/mastery?objective=proportion").json()
    assert found["skills"] == ["fractions", "ratios"]
    assert world.get("/v1/classes/7b/mastery?objective=none").status_code == 422


def test_a_combination_of_skills_is_a_column_of_its_own(world, answer):
    world.send(answer(1, skills=["ratios", "fractions"]))
    assert world.get("/v1/classes/7b/mastery").json()["skills"] == [
        "fractions",
        "ratios",
        "fractions~~ratios",
    ]


def test_an_empty_class_has_no_students_and_not_everybody(world):
    world.call("PUT", "/v1/classes/empty", json={"name": "Empty"})
    assert world.get("/v1/classes/empty/mastery").json()["students"] == []


def test_without_a_model_mastery_is_unavailable_and_says_what_to_do(bare):
    bare.call("PUT", "/v1/students/ana", json={})
    reply = bare.get("/v1/students/ana/mastery")
    assert reply.status_code == 503
    assert "trellis train" in reply.json()["detail"]


def test_data_keys_see_stable_pseudonyms_and_no_names(world):
    first = world.get("/v1/classes/7b/mastery", "data")
    again = world.get("/v1/classes/7b/mastery", "data")
    students = first.json()["students"]
    assert [s["student"] for s in students] == [s["student"] for s in again.json()["students"]]
    assert all(s["student"].startswith("p_") and s["name"] == "" for s in students)
    assert "ana" not in first.text
    assert "Ana" not in first.text
