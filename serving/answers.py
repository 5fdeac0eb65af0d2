"""What Trellis answers: mastery, evidence, groups and next activities, each from one function.

Pages, JSON and CSV all call these, so they cannot disagree. Every function reads one tenant's
facts under one model version: a `Reading`, made once per request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from data.store import History, Stamp, Store, Wishes
from engine.beliefs import SkillBelief, as_at, student_beliefs
from engine.bundle import Bundle
from engine.curriculum import Curriculum
from engine.errors import Fault, InvalidInput, NotFound
from engine.overrides import Override, Rulings, ruled, rulings
from engine.responses import Response, combined
from engine.trails import EvidenceStep, evidence_trail

from .enrolment import enrolled
from .kept import Basis, Beliefs, KeptBeliefs

Facts = dict[str, Any]
SHOWN_IDS = 8  # how many known ids a message offers instead of an unknown one


Moment = tuple[str, datetime | None]  # a student, as of when


@dataclass(frozen=True)
class Reading:
    """One tenant's facts, read at one time under one model version.

    What was read is kept: all that one request shows rests on the same facts, read once.
    `supposed` are overrides that nobody has said yet: what would be if somebody did.
    """

    store: Store
    bundle: Bundle
    tenant: str
    now: datetime
    supposed: tuple[Override, ...] = ()
    kept: KeptBeliefs = field(default_factory=KeptBeliefs, repr=False, compare=False)
    _histories: dict[str, History] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _beliefs: dict[Moment, Beliefs] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _wishes: dict[Moment, Wishes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def curriculum(self) -> Curriculum:
        """The tenant's curriculum as it stood when first asked for."""
        return self.store.curriculum(self.tenant)

    def gather(self, students: Sequence[str], as_of: datetime | None = None) -> Self:
        """Whatever counts for these students has been read, and shows one state of it."""
        with self.store.at_once(self.tenant):
            self.curriculum  # noqa: B018  # kept once it is asked for
            self.responses(students, as_of)
            self.wishes(students, as_of)
        return self

    def responses(
        self, students: Sequence[str], as_of: datetime | None = None
    ) -> dict[str, list[Response]]:
        """The responses that count, of each student named, oldest first."""
        new = [student for student in students if student not in self._histories]
        if new:
            self._histories.update(self.store.histories(self.tenant, new))
        return {student: self._histories[student].until(as_of) for student in students}

    def stamp(self, student: str) -> Stamp:
        """Where the student's log stands."""
        self.responses([student])
        return self._histories[student].stamp

    def wishes(self, students: Sequence[str], as_of: datetime | None = None) -> dict[str, Wishes]:
        """The goals and overrides of each student named, and of the classes they sit in."""
        new = [student for student in students if (student, as_of) not in self._wishes]
        if new:
            found = self.store.wishes(self.tenant, new, as_of=as_of)
            self._wishes.update({(one, as_of): found[one] for one in new})
        return {student: self._wishes[student, as_of] for student in students}

    def rulings(self, student: str, as_of: datetime | None = None) -> Rulings:
        """The overrides in force for a student."""
        wishes = self.wishes([student], as_of)[student]
        return rulings(
            (*wishes.overrides, *self.supposed),
            self.curriculum,
            student=student,
            at=as_of or self.now,
            classes=wishes.classes,
        )

    def beliefs(self, student: str, as_of: datetime | None = None) -> Beliefs:
        """What is believed of a student in every skill, every combination of skills that some
        activity works on, and all else that was practised; a teacher's word beside it."""
        moment = student, as_of
        if moment not in self._beliefs:
            found = self._believed(student, as_of)
            responses = self.responses([student], as_of)[student]
            found = as_at(found, responses, self.bundle, as_of or self.now)
            self._beliefs[moment] = ruled(found, self.rulings(student, as_of))
        return self._beliefs[moment]

    def _believed(self, student: str, as_of: datetime | None) -> Beliefs:
        """What the answers alone say, worked out once for as long as they stay the same."""
        responses = self.responses([student], as_of)[student]
        traced = tuple(self.curriculum.traced)
        basis = Basis(self._histories[student].stamp, traced, self.bundle.version)
        found = self.kept.get(self.tenant, student, basis) if as_of is None else None
        if found is None and as_of is None:
            found = self._worked_out(student, responses, traced)
            self.kept.keep(self.tenant, student, basis, found)
        return student_beliefs(responses, self.bundle, traced) if found is None else found

    def _worked_out(
        self, student: str, responses: Sequence[Response], traced: tuple[str, ...]
    ) -> Beliefs:
        """What all answers so far say; those taken in before need not be taken in again."""
        if self.bundle.hierarchy is None:
            return student_beliefs(responses, self.bundle, traced)
        key = self.tenant, student
        return self.kept.followed.beliefs(key, responses, self.bundle, traced)


@dataclass(frozen=True, slots=True)
class StudentMastery:
    """What is believed of one student: a belief per skill, in course order."""

    student: str
    name: str
    as_of: datetime
    model: str
    skills: Mapping[str, SkillBelief]


@dataclass(frozen=True, slots=True)
class ClassMastery:
    """What is believed of every student of a class, in the order of its roster.

    `skills` are the columns: those of the objective's scope, prerequisites first; without an
    objective all skills of the curriculum, then any other that somebody practised.
    """

    class_id: str
    name: str
    objective: str | None
    as_of: datetime
    model: str
    skills: tuple[str, ...]
    students: tuple[StudentMastery, ...]


def student_mastery(
    reading: Reading,
    student_id: str,
    *,
    as_of: datetime | None = None,
    skills: Sequence[str] = (),
    objective: str | None = None,
) -> StudentMastery:
    """Beliefs of one student, in every skill, in those named, or in an objective's.

    Raises `InvalidInput` naming skills that are neither in the curriculum nor practised.
    """
    reading.gather([student_id], as_of)
    curriculum = reading.curriculum
    responses = reading.responses([student_id], as_of)[student_id]
    _require_known(skills, curriculum, responses)
    columns = skills or _columns(curriculum, objective, {student_id: responses})
    beliefs = reading.beliefs(student_id, as_of)
    return StudentMastery(
        student=student_id,
        name=_names(reading, [student_id])[student_id],
        as_of=as_of or reading.now,
        model=reading.bundle.version,
        skills={skill: beliefs[skill] for skill in columns},
    )


def evidence(
    reading: Reading, student_id: str, skill: str, *, as_of: datetime | None = None
) -> list[EvidenceStep]:
    """Every response of a student that bears on a skill, oldest first, each with its effect."""
    responses = reading.responses([student_id], as_of)[student_id]
    return evidence_trail(responses, reading.bundle, skill)


def class_mastery(
    reading: Reading,
    class_id: str,
    *,
    objective: str | None = None,
    as_of: datetime | None = None,
) -> ClassMastery:
    """Beliefs of every student of a class, in an objective's skills or in all."""
    class_ = _class(reading, class_id)
    reading.gather(class_["students"], as_of)
    responses = reading.responses(class_["students"], as_of)
    columns = _columns(reading.curriculum, objective, responses)
    names = _names(reading, responses)
    unseen = student_beliefs([], reading.bundle, columns)  # of what only others have practised
    return ClassMastery(
        class_id=class_id,
        name=class_.get("name") or "",
        objective=objective,
        as_of=as_of or reading.now,
        model=reading.bundle.version,
        skills=columns,
        students=tuple(
            _mastery(reading, student, names[student], unseen, as_of) for student in responses
        ),
    )


def _mastery(
    reading: Reading,
    student: str,
    name: str,
    unseen: Beliefs,
    as_of: datetime | None,
) -> StudentMastery:
    beliefs = {**unseen, **reading.beliefs(student, as_of)}
    return StudentMastery(
        student=student,
        name=name,
        as_of=as_of or reading.now,
        model=reading.bundle.version,
        skills={skill: beliefs[skill] for skill in unseen},
    )


def _columns(
    curriculum: Curriculum, objective: str | None, responses: Mapping[str, Sequence[Response]]
) -> tuple[str, ...]:
    """Skills in scope, then what was practised beyond: combinations of them, or anything at all
    when there is no objective."""
    scope = objective_scope(curriculum, objective)
    together = {response.skills for found in responses.values() for response in found}
    practised = {combined(skills): set(skills) for skills in together}
    inside = set(scope)
    beyond = sorted(
        skill
        for skill, parts in practised.items()
        if skill not in inside and (objective is None or parts <= inside)
    )
    return (*scope, *beyond)


def objective_scope(curriculum: Curriculum, objective: str | None) -> tuple[str, ...]:
    """The skills an objective involves. Raises `InvalidInput` for one that does not exist."""
    if objective is not None and objective not in curriculum.objectives:
        raise InvalidInput.at("objective", objective, _one_of(curriculum.objectives))
    return curriculum.scope(objective)


def _class(reading: Reading, class_id: str) -> Facts:
    """The class with the students enrolled now."""
    found = reading.store.get(reading.tenant, "classes", class_id)
    if found is None:
        raise NotFound("class", class_id)
    return {**found, "students": enrolled(found, reading.now.date())}


def _names(reading: Reading, students: Iterable[str]) -> dict[str, str]:
    found = reading.store.get_many(reading.tenant, "students", list(students))
    return {student: found.get(student, {}).get("name") or "" for student in students}


def _require_known(
    skills: Sequence[str], curriculum: Curriculum, responses: Iterable[Response]
) -> None:
    if not skills:
        return
    known = {*curriculum.skills, *(response.skill for response in responses)}
    faults = [
        Fault("skill", skill, _one_of(curriculum.skills)) for skill in skills if skill not in known
    ]
    if faults:
        raise InvalidInput(faults)


def _one_of(known: Iterable[str]) -> str:
    """What would have been right, as a short list."""
    ids = list(known)
    shown = ", ".join(ids[:SHOWN_IDS])
    more = f", … ({len(ids)} in all)" if len(ids) > SHOWN_IDS else ""
    return f"one of {shown}{more}" if ids else "one that exists: there are none yet"
