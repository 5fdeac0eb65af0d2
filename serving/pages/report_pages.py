"""Reports as pages: a student's own front page, a family's, and what a teacher prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from starlette.responses import Response

from data.store import Principal

from ..negotiation import VARY
from ..reports.views import ClassReport, NextStep, ReportedSkill, StudentReport
from ..reports.wording import (
    ABOUT_STUDENTS,
    GROUPS,
    MEANING,
    TITLE_TOGETHER,
    TITLES_ABOUT_STUDENTS,
    TITLES_TO_STUDENTS,
)
from .rendering import address, rendered
from .shown import STYLES
from .wishes import Wishes
from .words import STATES, count, day, isolated, moment

TOGETHER = "together"
FOLDED = ("ahead", TOGETHER)  # long, and the least news: shown when asked for
NO_CHOICES: Mapping[str, str] = MappingProxyType({})
HOMES = {"student": "My learning", "family": "My children"}


@dataclass(frozen=True, slots=True)
class Line:
    """One skill of a report, in words."""

    name: str
    words: str
    style: str
    facts: str


@dataclass(frozen=True, slots=True)
class Part:
    """Skills under one title; `folded` where they are beside the point."""

    title: str
    lines: tuple[Line, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One activity that would help next."""

    name: str
    facts: str
    because: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A student's report: to the student (`own`), or about them."""

    title: str
    name: str
    own: bool
    summary: str
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    silence: str
    meaning: str
    source: str
    no_model: bool = False
    wishes: Wishes | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """One child on a family's front page."""

    name: str
    href: str
    summary: str


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """The front page of a family."""

    children: tuple[Child, ...]


@dataclass(frozen=True, slots=True)
class ClassReportPage:
    """A class's report: two tables, and where else they are."""

    name: str
    href: str
    objective: str
    students: str
    heads: tuple[str, ...]
    by_skill: tuple[tuple[str, tuple[int, ...]], ...]
    by_student: tuple[tuple[str, int, tuple[int, ...]], ...]
    csv: str
    json: str
    source: str


def student_report_page(
    report: StudentReport,
    caller: Principal,
    *,
    wishes: Wishes | None = None,
    choices: Mapping[str, str] = NO_CHOICES,
) -> Response:
    """The report as a page, in the words for whoever opens it.

    On a student's own: their goals and the help they asked for, and for each activity offered what
    choosing it means.
    """
    own = caller.role == "student"
    page = report_page(report, own=own)
    steps = tuple(
        replace(s, choice=choices.get(n.activity, ""))
        for s, n in zip(page.steps, report.next, strict=True)
    )
    page = replace(page, wishes=wishes, steps=steps)
    return _page("report.html", page, caller)


def report_page(report: StudentReport, *, own: bool) -> ReportPage:
    """The value of a report's page."""
    titles = TITLES_TO_STUDENTS if own else TITLES_ABOUT_STUDENTS
    parts = [(key, titles[key], report.part(key)) for key in GROUPS]
    parts.append((TOGETHER, TITLE_TOGETHER, report.together()))
    return ReportPage(
        title="My learning" if own else f"How {isolated(report.name)} is doing",
        name=report.name,
        own=own,
        summary=report.summary,
        parts=tuple(
            Part(title, tuple(_line(skill, own=own) for skill in skills), key in FOLDED)
            for key, title, skills in parts
            if skills
        ),
        steps=tuple(map(_step, report.next)),
        silence=report.silence,
        meaning=MEANING.replace("Knows this well", "You know this") if own else MEANING,
        source=f"As of {moment(report.as_of)} UTC.",
    )


def no_model_page(name: str, caller: Principal) -> Response:
    """The report before any model has learnt from the answers."""
    own = caller.role == "student"
    title = "My learning" if own else f"How {isolated(name)} is doing"
    page = ReportPage(title, name, own, "", (), (), "", "", "", no_model=True)
    return _page("report.html", page, caller)


def family_page(reports: Mapping[str, StudentReport | str], caller: Principal) -> Response:
    """The children of a family, by id: each with its report, or its name while there is none."""
    children = tuple(_child(key, found) for key, found in reports.items())
    return _page("family.html", FamilyPage(children), caller)


def class_report_page(report: ClassReport, objective: str, caller: Principal) -> Response:
    """The report of a class as a page; `objective` is its name, or empty for everything."""
    twin = ("v1", "classes", report.class_id, "report")
    page = ClassReportPage(
        name=report.name,
        href=address("classes", report.class_id, objective=report.objective),
        objective=objective,
        students=count(len(report.students), "student"),
        heads=tuple(STATES[state] for state in ABOUT_STUDENTS),
        by_skill=tuple((one.name, tuple(one.states.values())) for one in report.skills),
        by_student=tuple(
            (one.name, one.answers, tuple(one.states.values())) for one in report.students
        ),
        csv=address(*twin, objective=report.objective, format="csv"),
        json=address(*twin, objective=report.objective, format="json"),
        source=f"As of {moment(report.as_of)} UTC.",
    )
    return _page("class_report.html", page, caller)


def _page(template: str, page: object, caller: Principal) -> Response:
    found = rendered(template, page, home=HOMES.get(caller.role, "Classes"), here=_here(page))
    found.headers.update(VARY)
    return found


def _here(page: object) -> str:
    """A student's own page is where they begin."""
    return "home" if isinstance(page, ReportPage) and page.own else ""


def _child(key: str, found: StudentReport | str) -> Child:
    name, summary = (found, "") if isinstance(found, str) else (found.name, found.summary)
    return Child(name, address("students", key, "report"), summary)


def _line(skill: ReportedSkill, *, own: bool) -> Line:
    last = f", last {day(skill.last_at)}" if skill.last_at else ""
    return Line(
        name=skill.name,
        words=skill.to_student if own else skill.words,
        style=STYLES.get(skill.state, skill.state),
        facts=f"{count(skill.n, 'answer')}{last}" if skill.n else "",
    )


def _step(step: NextStep) -> Step:
    led = ", with the teacher" if step.with_teacher else ""
    return Step(
        name=step.name,
        facts=f"{step.modality}, about {step.minutes:g} minutes{led}",
        because=f"Helps with “{step.skill_name}”.",
    )
