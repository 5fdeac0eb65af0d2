"""Habits as the log shows them: each signal by its own rule, and silent where it shows little."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.independence import Deed, Signal, combined, signals

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
COURSE = Curriculum.of(
    skills=[Skill("a")],
    items=[Item("q1", ("a",)), Item("q2", ("a",))],
    activities=[Activity("pair", ("a",), items=("q1", "q2")), Activity("one", ("a",))],
)
CLASS = [f"s{n}" for n in range(9)]


def deed(student="s0", *, days=20, minutes=0, activity=None, item=None, correct=1.0, hints=None):
    at = NOW - timedelta(days=days) + timedelta(minutes=minutes)
    return Deed(student, at, activity, item, correct, hints)


def found(deeds):
    return signals(deeds, COURSE, size=len(CLASS), now=NOW)


def test_of_little_nothing_is_said():
    assert found([]) == {}
    assert found([deed(days=n + 1) for n in range(9)]) == {}


def test_lessons_are_not_started_by_oneself():
    lessons = [deed(s, days=n + 1, minutes=i) for n in range(12) for i, s in enumerate(CLASS)]
    assert found(lessons)["started"] == Signal(2.0 / 112.0, 108)


def test_work_while_the_class_is_not_at_work_is():
    alone = [deed(days=n + 1) for n in range(12)]
    assert found(alone)["started"].share == pytest.approx(14 / 16)


def test_a_day_counts_once_by_how_it_began():
    lesson = [deed(s, days=n + 1, minutes=i) for n in range(12) for i, s in enumerate(CLASS)]
    evening = [deed("s0", days=n + 1, minutes=300) for n in range(12)]
    assert found([*lesson, *evening])["started"] == found(lesson)["started"]


def test_an_activity_is_finished_once_all_its_questions_are_answered_in_a_week():
    begun = [deed(s, activity="pair", item="q1", minutes=n) for n, s in enumerate(CLASS)]
    begun += [deed("t", activity="pair", item="q1")]
    some = [deed(s, activity="pair", item="q2", days=19) for s in CLASS[:5]]
    late = [deed(s, activity="pair", item="q2", days=12) for s in CLASS[5:]]
    assert found([*begun, *some, *late])["finished"] == Signal((5 + 2) / 14, 10)


def test_what_was_begun_this_week_may_still_be_finished():
    begun = [deed(f"u{n}", activity="pair", item="q1", days=3) for n in range(20)]
    assert "finished" not in found(begun)


def test_help_is_sensible_when_needed_and_used():
    wrong = [deed(f"u{n}", item="q1", correct=0.0, hints=0) for n in range(12)]
    helped = [deed(f"u{n}", item="q1", correct=0.0, hints=1, minutes=1) for n in range(6)]
    stubborn = [deed(f"u{n}", item="q1", correct=0.0, hints=0, minutes=1) for n in range(6, 12)]
    assert found([*wrong, *helped, *stubborn])["help"] == Signal((6 + 2) / 16, 12)


def test_hints_that_nobody_records_say_nothing():
    wrong = [deed(f"u{n}", item="q1", correct=0.0, minutes=m) for n in range(12) for m in (0, 1)]
    assert "help" not in found(wrong)


def test_what_is_long_ago_no_longer_counts():
    assert found([deed(days=60 + n) for n in range(40)]) == {}


def test_independence_is_the_mean_of_what_is_known_and_each_alone_can_move_it():
    known = {"started": Signal(0.2, 40), "finished": Signal(0.8, 40), "help": Signal(0.5, 40)}
    assert combined(known, None) == pytest.approx(0.5)
    assert combined(known, 0.9) == pytest.approx(0.6)
    assert combined({}, None) is None
    for name in known:
        assert combined({**known, name: Signal(1.0, 40)}, None) > 0.5
