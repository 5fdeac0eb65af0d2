"""Nothing to do has several meanings; each has its own word and says why."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.curriculum import Activity, Curriculum, Objective, Skill
from engine.verdict import verdict

ALL = dict.fromkeys(("fraction", "ratio", "percent", "slope", "rate"), "1111")


def codes(recommendation):
    return [reason.code for reason in recommendation.reasons]


@pytest.mark.parametrize(
    ("answers", "request_", "status", "code"),
    [
        (ALL, {}, "complete", "all_secure"),
        (ALL, {"intent": "practice"}, "complete", "all_secure"),
        (ALL, {"intent": "diagnose"}, "complete", "all_secure"),
        (ALL, {"intent": "review"}, "review_later", "nothing_due"),
        ({}, {"intent": "review"}, "review_later", "nothing_due"),
        ({}, {"intent": "assess"}, "nothing_available", "not_ready"),
        ({"fraction": "110"}, {"intent": "diagnose", "objective": "basics"}, "complete",
         "placed"),
        ({}, {"minutes": 0}, "nothing_available", "too_long"),
        ({}, {"modality": ("workshop",)}, "needs_teacher", "teacher_absent"),
        ({}, {"objective": "empty"}, "nothing_available", "no_skills"),
        ({"fraction": "0" * 10}, {}, "needs_teacher", "stuck"),
        ({"fraction": "0" * 10}, {"minutes": 0}, "needs_teacher", "stuck"),
        ({"fraction": "1111000", "ratio": "1111000"}, {"intent": "review"}, "ok", None),
    ],
)  # fmt: skip
def test_every_kind_of_nothing_has_its_word(decide, answers, request_, status, code):
    found = decide(answers, **request_)
    assert found.status == status
    assert code is None or code in codes(found)


def test_a_stuck_student_still_gets_something_to_go_on_with(decide):
    assert decide({"fraction": "0" * 10}).candidates


def test_an_empty_catalogue_never_looks_like_a_finished_course(decide):
    found = decide({}, curriculum=Curriculum.of())
    assert (found.status, codes(found)) == ("nothing_available", ["no_skills"])
    skills_only = decide({}, curriculum=Curriculum.of(skills=[Skill("a")]))
    assert (skills_only.status, codes(skills_only)) == ("nothing_available", ["no_activity"])


def test_with_a_teacher_at_hand_the_workshop_is_offered(decide):
    found = decide({}, modality=("workshop",), teacher_available=True)
    assert found.status == "ok"
    assert [c.activity for c in found.candidates] == ["fraction-workshop"]


def test_what_is_due_but_blocked_is_neither_later_nor_complete(situation):
    now = situation({"fraction": "1111000", "ratio": "1111000"}, intent="review")
    assert verdict(now, [], [])[0] == "nothing_available"


def test_a_review_that_is_scheduled_makes_it_later_and_not_complete(situation):
    now = situation(ALL)
    scheduled = replace(now.beliefs["ratio"], review_due=datetime(2026, 10, 1, tzinfo=UTC))
    later = replace(now, beliefs={**now.beliefs, "ratio": scheduled})
    status, reasons = verdict(later, [], [])
    assert status == "review_later"
    assert "2026-10-01" in reasons[-1].text


def test_a_skill_without_activities_does_not_hide_the_others(decide):
    course = Curriculum.of(
        skills=[Skill("a"), Skill("b")],
        objectives=[Objective("both", skills=("a", "b"))],
        activities=[Activity("read", ("b",))],
    )
    assert decide({}, curriculum=course).status == "ok"
