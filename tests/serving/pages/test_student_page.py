"""The page of a student: skills, the evidence for one, and what is next."""

from __future__ import annotations

import re
from html import unescape

ANA = "/classes/7b/students/ana"


def test_it_opens_on_the_skill_to_work_on_next(world, browse, answer):
    world.send(*(answer(i, correct=False) for i in range(4)))
    page = browse(ANA).text
    assert re.search(r'<h2 id="trail-title">fractions ', page)
    assert "Probably not mastered yet" in page


def test_it_shows_the_skill_that_was_asked_for(world, browse):
    page = browse(ANA + "?skill=ratios").text
    assert re.search(r'<h2 id="trail-title">ratios ', page)
    assert "Nothing is known about “ratios” yet" in page


def test_every_answer_is_in_the_table_and_on_the_chart(world, browse, answer):
    world.send(*(answer(i, correct=i % 2) for i in range(7)))
    page = browse(ANA + "?skill=fractions").text
    table = page[page.index('class="plain answers"') :]
    assert table[: table.index("</table>")].count("<tr>") == 1 + 7
    assert page.count('<circle class="disc" cx') == 4
    assert page.count('<circle class="right" cx') == 3


def test_the_last_answer_agrees_with_the_api(world, browse, answer, numbers):
    world.send(*(answer(i, correct=i % 2) for i in range(7)))
    page = browse(ANA + "?skill=fractions").text
    api = world.get("/v1/students/ana/mastery", params={"skill": "fractions"}).json()["skills"][0]
    trail = page[page.index('class="plain answers"') :]
    assert numbers(trail)[0] == api["p_mastery"]


def test_it_offers_what_the_api_recommends(world, browse, answer):
    world.send(*(answer(i, correct=False) for i in range(4)))
    asked = {"n": 4, "teacher_available": True}
    reply = world.call("POST", "/v1/students/ana/recommendations", json=asked).json()
    page = browse(ANA).text
    offered = re.findall(r'<span class="activity">([^<]+)</span>', page)
    assert offered == [candidate["activity"] for candidate in reply["candidates"]]
    assert all(one["reasons"][0]["text"] in page for one in reply["candidates"])


def test_what_speaks_for_a_skill_is_said_once_however_many_activities_it_has(world, browse, answer):
    world.send(*(answer(i, correct=False) for i in range(4)))
    page = browse(ANA).text
    offered = re.findall(r'<p class="because">For “fractions”[.]', page)
    assert len(offered) >= 2
    assert page.count("comes first in the course of all that is open") == 1


def test_a_combination_nobody_asked_this_student_is_not_started(world, browse):
    page = browse(ANA + "?skill=fractions~~ratios")
    assert page.status_code == 200
    assert "Nothing is known about “fractions + ratios” yet" in page.text


def test_an_unknown_skill_is_not_found(world, browse):
    assert browse(ANA + "?skill=knitting").status_code == 404


def test_a_student_of_another_class_is_not_found_here(world, browse):
    assert browse("/classes/7b/students/cy").status_code == 404


def test_before_there_is_a_model_it_says_so(world, browse):
    (world.folder / "model" / "bundle.json").unlink()
    assert "No model yet" in browse(ANA).text


def test_with_an_objective_it_says_which_tier_and_why_as_the_api_does(world, browse, answer):
    world.send(*(answer(i, correct=False) for i in range(6)))
    world.send(*(answer(10 + i, skills=["ratios"], correct=False) for i in range(6)))
    reply = world.call("POST", "/v1/classes/7b/groupings", json={"objective": "proportion"}).json()
    seat = next(s for g in reply["groups"] for s in g["students"] if s["student"] == "ana")
    page = unescape(browse(ANA + "?objective=proportion").text)
    assert all(reason["text"] in page for reason in seat["reasons"])


def test_without_an_objective_there_is_no_tier(world, browse):
    assert 'class="standing"' not in browse(ANA).text
