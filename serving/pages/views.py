"""From a request's ids to the value of a page, through the functions that answer the API too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from data.store import Principal
from engine.beliefs import SkillBelief, student_beliefs
from engine.choice import prices
from engine.errors import NotFound
from engine.policy import Recommendation
from engine.requests import Request as Wish
from engine.responses import SKILL_SEPARATOR

from ..answers import (
    Facts,
    Reading,
    StudentMastery,
    class_mastery,
    evidence,
    objective_scope,
    student_mastery,
)
from ..context import Context
from ..decisions import class_tiers, next_activities, student_tier
from ..help.requests import of_students
from ..reach import children, visible_classes
from ..reports.views import STEPS, StudentReport, student_report
from .class_page import Caller, ClassPage, bare_page, class_page
from .classes_page import ClassCard, ClassesPage, class_card
from .current import current_objective
from .rendering import address
from .source import source, source_line
from .student_page import Place, StudentPage, chosen_skill, student_page
from .trail import Trail, trail
from .wishes import Wishes, wishes

SLATE = 4  # activities offered on a student's page: a choice, not a catalogue


def classes_view(context: Context, caller: Principal) -> ClassesPage:
    """Every class of the caller, each on the objective it is working on."""
    reading = reading_of(context, caller)
    found = visible_classes(context, caller)
    return ClassesPage(tuple(_card(context, caller, reading, one) for one in found), not reading)


def class_view(
    context: Context, caller: Principal, class_: Facts, *, objective: str | None, order: str
) -> ClassPage:
    """One class on an objective, or on what it is working on now, and who has asked for help."""
    page = _class_page(context, caller, class_, objective=objective, order=order)
    return replace(page, help=tuple(_callers(context, caller, class_)))


def _callers(context: Context, caller: Principal, class_: Facts) -> Iterator[Caller]:
    """The students of the class who wait for help, the longest first."""
    asked = of_students(context.store, caller.tenant, class_["students"], status="open")
    known = context.store.get_many(
        caller.tenant, "students", list({one["student"] for one in asked})
    )
    for one in asked:
        name = known.get(one["student"], {}).get("name") or one["student"]
        href = address("classes", class_["id"], "students", one["student"])
        yield Caller(name, href, one["message"])


def _class_page(
    context: Context, caller: Principal, class_: Facts, *, objective: str | None, order: str
) -> ClassPage:
    reading = reading_of(context, caller)
    curriculum = context.store.curriculum(caller.tenant)
    objective_scope(curriculum, objective)
    chosen = objective or (working_on(reading, class_["students"]) if reading else None)
    if reading is None or chosen is None or not class_["students"]:
        return bare_page(class_, curriculum, objective=chosen, no_model=reading is None)
    mastery = class_mastery(reading, class_["id"], objective=chosen)
    wish = Wish(n=1, objective=chosen, teacher_available=True)
    return class_page(
        curriculum,
        mastery,
        class_tiers(reading, class_["id"], chosen),
        {one.student: next_activities(reading, one.student, wish) for one in mastery.students},
        order=order,
        source=_source(context, reading),
    )


def student_view(
    context: Context, caller: Principal, place: Place, *, skill: str | None
) -> StudentPage:
    """One student of a class, with the evidence for the skill asked for or the next to work on."""
    reading = reading_of(context, caller)
    curriculum = context.store.curriculum(caller.tenant)
    objective_scope(curriculum, place.objective)
    if reading is None:
        return StudentPage(place.student, "", place.class_name, place.class_href, no_model=True)
    wish = Wish(n=SLATE, objective=place.objective, teacher_available=True)
    following = next_activities(reading, place.student, wish)
    mastery = student_mastery(reading, place.student)
    chosen = skill or chosen_skill(curriculum, mastery.skills, place.objective, following)
    return student_page(
        curriculum,
        mastery,
        _trail(reading, mastery, chosen) if chosen else None,
        following,
        place=place,
        grouping=student_tier(reading, place.student, place.objective, class_id=place.class_id)
        if place.objective
        else None,
        chosen=chosen or "",
        source=_source(context, reading),
        wishes=student_wishes(context, caller, reading, following, place.student, place.class_id),
    )


def student_wishes(
    context: Context,
    caller: Principal,
    reading: Reading,
    following: Recommendation,
    student: str,
    class_id: str = "",
) -> Wishes:
    """The help that a student has asked for, their goals, and what teachers said of them."""
    asked = of_students(
        context.store, caller.tenant, [student], status="open" if class_id else None
    )
    own = context.store.about(caller.tenant, "goals", student=student)
    return wishes(
        reading.curriculum,
        student=student,
        class_id=class_id,
        help=asked,
        standings=following.goals,
        own={goal["id"]: goal["version"] for goal in own},
        overrides=reading.rulings(student).all if class_id else (),
    )


def own_choices(
    context: Context, caller: Principal, reading: Reading
) -> tuple[Wishes, dict[str, str]]:
    """A student's own goals and requests for help, and what each activity that is offered means
    beside the others."""
    student = caller.user or ""
    following = next_activities(reading, student, Wish(n=STEPS, teacher_available=True))
    said = prices(following.candidates)
    texts = {c.activity: p.text for c, p in zip(following.candidates, said, strict=True)}
    return student_wishes(context, caller, reading, following, student), texts


def child_reports(context: Context, caller: Principal) -> dict[str, StudentReport | str]:
    """The report of every child of the caller by id; their names while there is no model."""
    reading = reading_of(context, caller)
    return {
        child: student_report(reading, child) if reading else name_of(context, caller, child)
        for child in children(context, caller)
    }


def name_of(context: Context, caller: Principal, student: str) -> str:
    """A student's name; the id where there is none."""
    found = context.store.get(caller.tenant, "students", student) or {}
    return found.get("name") or student


def reading_of(context: Context, caller: Principal) -> Reading | None:
    """The caller's facts under the model in force; None while there is no model."""
    if context.champion.state().bundle is None:
        return None
    return context.reading(caller.tenant)


def _card(context: Context, caller: Principal, reading: Reading | None, class_: Facts) -> ClassCard:
    objective = working_on(reading, class_["students"]) if reading else None
    grouping = class_tiers(reading, class_["id"], objective) if reading and objective else None
    curriculum = context.store.curriculum(caller.tenant)
    return class_card(class_, curriculum, grouping)


def working_on(reading: Reading, students: Sequence[str]) -> str | None:
    """The objective that a class is working on now, told from its answers."""
    answered = reading.responses(students)  # of all of them at once
    beliefs = (belief for one in answered for belief in reading.beliefs(one).values())
    return current_objective(reading.curriculum, beliefs)


def _trail(reading: Reading, mastery: StudentMastery, skill: str) -> Trail:
    belief = mastery.skills.get(skill) or _unseen(reading, skill)
    steps = evidence(reading, mastery.student, skill)
    return trail(reading.curriculum, reading.bundle, belief, steps)


def _unseen(reading: Reading, skill: str) -> SkillBelief:
    """A combination of known skills that others have practised and this student has not."""
    if not all(part in reading.curriculum.skills for part in skill.split(SKILL_SEPARATOR)):
        raise NotFound("skill", skill)
    return student_beliefs([], reading.bundle, [skill])[skill]


def _source(context: Context, reading: Reading) -> str:
    return source_line(source(reading.bundle, context.champion.state()), reading.now)
