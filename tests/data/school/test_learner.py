"""A simulated student learns by doing, needs the prerequisites, and has good and bad days."""

from datetime import UTC, datetime

import numpy as np
import pytest

from data.mathematics import middle_school_mathematics
from data.school.course import draw_course
from data.school.learner import Learner, draw_memories, draw_traits
from data.school.minds import Memory, Traits, proficiency

MATHEMATICS = middle_school_mathematics()
COURSE = draw_course(np.random.default_rng(3), MATHEMATICS)
PLAIN = Traits(
    ability=0.0, speed=1.0, retention=1.0, slip=0.05, tempo=24.0, hint_habit=0.5, attendance=1.0
)
AT = datetime(2025, 9, 8, 9, tzinfo=UTC)


def learner(level=-0.5, *, seed=1, **levels):
    memories = {s: Memory(levels.get(s.replace("-", "_"), level)) for s in MATHEMATICS.skills}
    return Learner("ana", PLAIN, memories, course=COURSE, rng=np.random.default_rng(seed))


def ask(student, item, activity=None):
    chosen = MATHEMATICS.activities[activity] if activity else None
    return student.answer(MATHEMATICS.items[item], chosen, at=AT, day=0.0, session="monday")


def test_answering_raises_the_skill_and_refreshes_its_prerequisites():
    student = learner()
    ask(student, "slope-2", "slope-practice")
    for skill in ("slope", "proportional-relationships"):
        assert proficiency(student.memories[skill], 0.0) > -0.5
    assert proficiency(student.memories["slope"], 0.0) > proficiency(
        student.memories["proportional-relationships"], 0.0
    )
    assert student.memories["surface-area"] == Memory(-0.5)


def test_a_student_without_the_prerequisites_learns_less():
    ready, unready = (
        learner(proportional_relationships=2.0),
        learner(proportional_relationships=-3.0),
    )
    for student in (ready, unready):
        student.study(MATHEMATICS.activities["slope-hands-on"], day=0.0)
    assert ready.memories["slope"].strength > unready.memories["slope"].strength * 1.5


def test_an_activity_of_the_right_level_teaches_more():
    support, challenge = learner(-1.5), learner(-1.5)
    ask(support, "slope-5", "slope-steps")
    ask(challenge, "slope-5", "slope-challenge")
    assert support.memories["slope"].strength > challenge.memories["slope"].strength


def test_a_question_on_two_skills_counts_for_both():
    student = learner()
    answer = ask(student, "slope-6")
    assert answer.skill == "fraction-multiplication~~slope"
    assert student.memories["slope"].strength > 0
    assert student.memories["fraction-multiplication"].strength > 0


def test_answers_come_out_as_often_right_as_their_chance_says():
    answers = [ask(learner(seed=seed), "slope-4") for seed in range(800)]
    right = np.mean([answer.correct for answer in answers])
    expected = np.mean([answer.p_correct for answer in answers])
    assert right == pytest.approx(expected, abs=0.06)  # over three standard errors


def test_who_knows_more_is_right_more_often_and_faster():
    weak, strong = (ask(learner(level), "slope-4") for level in (-2.0, 2.0))
    assert strong.p_correct > weak.p_correct
    assert strong.response_ms < weak.response_ms


def test_hints_go_with_wrong_answers_outside_checks():
    practice = [ask(learner(-3.0, seed=s), "slope-5", "slope-practice") for s in range(60)]
    checks = [ask(learner(-3.0, seed=s), "slope-5", "slope-check") for s in range(60)]
    assert sum(answer.hints for answer in practice) > 0
    assert all(answer.correct == 0 for answer in practice if answer.hints)
    assert sum(answer.hints for answer in checks) == 0


def test_a_question_met_again_is_counted_and_a_little_easier():
    student = learner()
    first, second = ask(student, "slope-4"), ask(student, "slope-4")
    assert (first.attempt, second.attempt) == (1, 2)
    assert second.p_correct > first.p_correct


def test_days_differ():
    chances = set()
    for seed in range(5):
        student = learner(seed=seed)
        student.begin_day()
        chances.add(ask(student, "slope-4").p_correct)
    assert len(chances) == 5


def test_teachers_mostly_choose_a_fitting_level():
    student = learner(2.0)
    shelf = COURSE.shelves["slope"].exercises
    chosen = [student.choose(shelf, "slope", day=0.0).level for _ in range(200)]
    assert chosen.count("advanced") > chosen.count("support")
    assert student.choose([], "slope", day=0.0) is None


def test_who_brings_a_prerequisite_along_brings_more_of_the_next_skill():
    pairs = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        memories = draw_memories(rng, COURSE, PLAIN)
        pairs.append([memories[s].start for s in ("ratios", "unit-rates", "integer-addition")])
    follows, unrelated = np.corrcoef(np.array(pairs).T)[1, [0, 2]]
    assert follows > 0.12 > abs(unrelated)


def test_traits_are_within_what_is_humanly_possible():
    drawn = [draw_traits(np.random.default_rng(s), rarely_there=False) for s in range(200)]
    assert all(0 <= traits.slip < 0.4 for traits in drawn)
    assert all(0.85 <= traits.attendance <= 1 for traits in drawn)
    assert np.std([traits.ability for traits in drawn]) > 0.5
