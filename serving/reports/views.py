"""Reports as values, from the same beliefs and decisions as every page and the API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.beliefs import SkillBelief
from engine.curriculum import Curriculum
from engine.policy import Candidate, Recommendation
from engine.requests import Request as Wish
from engine.responses import SKILL_SEPARATOR

from ..answers import ClassMastery, Reading, StudentMastery, class_mastery, student_mastery
from ..decisions import next_activities
from .wording import ABOUT_STUDENTS, GROUPS, MEANING, NOTHING_NEXT, TO_STUDENTS

STEPS = 3  # next activities in a report: a choice, not a list


@dataclass(frozen=True, slots=True)
class ReportedSkill:
    """One skill: its state, and that in words for the family and for the student."""

    skill: str
    name: str
    state: str
    words: str
    to_student: str
    n: int
    last_at: datetime | None

    @property
    def several(self) -> bool:
        """Whether it stands for questions that take several skills at once."""
        return SKILL_SEPARATOR in self.skill


@dataclass(frozen=True, slots=True)
class NextStep:
    """An activity that would help next, and the skill it is for."""

    activity: str
    name: str
    modality: str
    minutes: float
    with_teacher: bool
    skill: str
    skill_name: str


@dataclass(frozen=True, slots=True)
class StudentReport:
    """How a student is doing: every skill in plain words, and what would help next.

    `silence` says why there is no next step, where there is none.
    """

    student: str
    name: str
    as_of: datetime
    model: str
    answers: int
    summary: str
    skills: tuple[ReportedSkill, ...]
    next: tuple[NextStep, ...]
    silence: str
    meaning: str = MEANING

    def part(self, name: str) -> tuple[ReportedSkill, ...]:
        """The skills of one part of the report (`wording.GROUPS`), in the order of its states."""
        order = GROUPS[name]
        found = [skill for skill in self.skills if skill.state in order and not skill.several]
        return tuple(sorted(found, key=lambda skill: order.index(skill.state)))

    def together(self) -> tuple[ReportedSkill, ...]:
        """What questions that take several skills at once have shown: in no part, no skill."""
        return tuple(skill for skill in self.skills if skill.several)


@dataclass(frozen=True, slots=True)
class SkillCount:
    """How many students of a class are in each state of a skill."""

    skill: str
    name: str
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StudentCount:
    """How far one student of a class is: how many skills are in each state."""

    student: str
    name: str
    answers: int
    last_at: datetime | None
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ClassReport:
    """How a class is doing: students by skill and by state."""

    class_id: str
    name: str
    objective: str | None
    as_of: datetime
    model: str
    skills: tuple[SkillCount, ...]
    students: tuple[StudentCount, ...]


def student_report(reading: Reading, student: str) -> StudentReport:
    """How a student is doing now, in plain language."""
    mastery = student_mastery(reading, student)
    following = next_activities(reading, student, Wish(n=STEPS, teacher_available=True))
    skills = tuple(_skills(reading.curriculum, mastery))
    return StudentReport(
        student=student,
        name=mastery.name or student,
        as_of=mastery.as_of,
        model=mastery.model,
        answers=sum(skill.n for skill in skills),
        summary=_summary(skills),
        skills=skills,
        next=tuple(_steps(reading.curriculum, following.candidates)),
        silence=_silence(following),
    )


def class_report(reading: Reading, class_id: str, objective: str | None = None) -> ClassReport:
    """How a class is doing on an objective, or on everything."""
    mastery = class_mastery(reading, class_id, objective=objective)
    return ClassReport(
        class_id=class_id,
        name=mastery.name or class_id,
        objective=objective,
        as_of=mastery.as_of,
        model=mastery.model,
        skills=tuple(_by_skill(reading.curriculum, mastery)),
        students=tuple(_by_student(student) for student in mastery.students),
    )


def skill_name(curriculum: Curriculum, skill: str) -> str:
    """The name of a skill, or of several practised together."""
    known = curriculum.skills
    parts = skill.split(SKILL_SEPARATOR)
    return " + ".join((known[part].name if part in known else "") or part for part in parts)


def _skills(curriculum: Curriculum, mastery: StudentMastery) -> Iterator[ReportedSkill]:
    for belief in mastery.skills.values():
        if belief.n or belief.skill in curriculum.skills:
            yield ReportedSkill(
                skill=belief.skill,
                name=skill_name(curriculum, belief.skill),
                state=belief.state,
                words=ABOUT_STUDENTS[belief.state],
                to_student=TO_STUDENTS[belief.state],
                n=belief.n,
                last_at=belief.last_at,
            )


def _summary(skills: Iterable[ReportedSkill]) -> str:
    """The report in a sentence. Several skills in one question are no further skill.

    >>> _summary([])
    'No questions answered so far.'
    """
    found = list(skills)
    answers = sum(skill.n for skill in found)
    if answers == 0:
        return "No questions answered so far."
    single = [skill for skill in found if not skill.several]
    counts = Counter(
        name for skill in single for name, states in GROUPS.items() if skill.state in states
    )
    parts = [
        f"{counts['known']} known well",
        f"{counts['learning']} being learnt",
        *([f"{counts['another look']} due for another look"] if counts["another look"] else []),
        f"{counts['ahead']} still ahead",
    ]
    noun = "question" if answers == 1 else "questions"
    return f"{answers:,} {noun} answered so far. Of {len(single)} skills: {', '.join(parts)}."


def _steps(curriculum: Curriculum, candidates: Iterable[Candidate]) -> Iterator[NextStep]:
    for candidate in candidates:
        known = curriculum.activities[candidate.activity]
        yield NextStep(
            activity=known.id,
            name=known.name or known.id,
            modality=known.modality,
            minutes=known.minutes,
            with_teacher=known.teacher_led,
            skill=candidate.skill,
            skill_name=skill_name(curriculum, candidate.skill),
        )


def _silence(following: Recommendation) -> str:
    if following.candidates:
        return ""
    return NOTHING_NEXT.get(following.status, NOTHING_NEXT["nothing_available"])


def _by_skill(curriculum: Curriculum, mastery: ClassMastery) -> Iterator[SkillCount]:
    for skill in mastery.skills:
        states = _states(student.skills[skill] for student in mastery.students)
        yield SkillCount(skill, skill_name(curriculum, skill), states)


def _by_student(student: StudentMastery) -> StudentCount:
    beliefs = list(student.skills.values())
    return StudentCount(
        student=student.student,
        name=student.name or student.student,
        answers=sum(belief.n for belief in beliefs),
        last_at=max((belief.last_at for belief in beliefs if belief.last_at), default=None),
        states=_states(beliefs),
    )


def _states(beliefs: Iterable[SkillBelief]) -> dict[str, int]:
    """How many beliefs are in each state, every state named."""
    found = Counter(belief.state for belief in beliefs)
    return {state: found[state] for state in ABOUT_STUDENTS}
