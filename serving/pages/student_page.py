"""One student: every skill, the evidence for one of them, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.beliefs import SkillBelief
from engine.curriculum import Curriculum
from engine.policy import Candidate, Recommendation
from engine.responses import SKILL_SEPARATOR
from engine.tiers import Grouping, SeatedStudent, UnplacedStudent

from ..answers import StudentMastery
from .needs import activity_name, reasons
from .rendering import address
from .shown import Shown, objective_name, shown, skill_name
from .trail import Trail
from .wishes import Wishes
from .words import STATES, TIERS, count, day, level, listed

REASONS_SHOWN = 2  # the weightiest; the rest unfolds
ADVICE = {
    "ok": "In this order; asking again without new answers gives the same advice.",
    "complete": "Everything here is secure, and nothing is due for review.",
    "nothing_available": "There is something to learn, but no activity fits.",
    "needs_teacher": "This needs time with you.",
    "review_later": "Nothing is due yet.",
}


@dataclass(frozen=True, slots=True)
class SkillLine:
    """One skill in the list."""

    name: str
    href: str
    shown: Shown
    chosen: bool
    last: str
    also: str


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """Skills under one heading; `folded` when they are beside the point and hold no chosen one."""

    title: str
    lines: tuple[SkillLine, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A recommended activity and the reasons for it."""

    name: str
    skill: str
    facts: str
    shown: tuple[str, ...]
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The student's tier on the objective, and why."""

    objective: str
    tier: str
    word: str
    provisional: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StudentPage:
    """The page of one student of a class."""

    name: str
    facts: str
    class_name: str
    class_href: str
    report_href: str = ""
    no_model: bool = False
    standing: Standing | None = None
    skills: tuple[SkillGroup, ...] = ()
    trail: Trail | None = None
    advice: str = ""
    offers: tuple[Offer, ...] = ()
    ready: str = ""
    waiting: tuple[str, ...] = ()
    source: str = ""
    wishes: Wishes | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a student's page stands: the class, the student, and the objective looked at."""

    class_id: str
    class_name: str
    student: str
    objective: str | None

    @property
    def class_href(self) -> str:
        """The address of the class, on the same objective."""
        return address("classes", self.class_id, objective=self.objective)

    def href(self, skill: str) -> str:
        """The address of the evidence for a skill."""
        segments = ("classes", self.class_id, "students", self.student)
        return address(*segments, skill=skill, objective=self.objective)


def student_page(
    curriculum: Curriculum,
    mastery: StudentMastery,
    evidence: Trail | None,
    following: Recommendation,
    *,
    place: Place,
    grouping: Grouping | None,
    chosen: str,
    source: str,
    wishes: Wishes | None = None,
) -> StudentPage:
    """The whole page; `chosen` is the skill whose evidence is shown."""
    n = sum(belief.n for belief in mastery.skills.values())
    return StudentPage(
        name=mastery.name or mastery.student,
        facts=f"{count(n, 'answer')} so far",
        class_name=place.class_name,
        class_href=place.class_href,
        report_href=address("students", mastery.student, "report"),
        standing=_standing(curriculum, grouping, mastery.student) if grouping else None,
        skills=_groups(curriculum, mastery.skills, place, chosen),
        trail=evidence,
        advice=" ".join([ADVICE[following.status], *(r.text for r in following.reasons)]),
        offers=_offers(curriculum, following.candidates),
        ready=listed([f"“{skill_name(curriculum, one)}”" for one in following.ready_to_assess]),
        waiting=tuple(blocked.text for blocked in following.blocked),
        source=source,
        wishes=wishes,
    )


def _standing(curriculum: Curriculum, grouping: Grouping, student: str) -> Standing | None:
    everyone: list[tuple[str, SeatedStudent | UnplacedStudent]] = [
        *((group.tier, one) for group in grouping.groups for one in group.students),
        *(("unplaced", one) for one in grouping.unplaced),
    ]
    for tier, one in everyone:
        if one.student == student:
            return Standing(
                objective=objective_name(curriculum, grouping.objective),
                tier=tier,
                word=TIERS[tier],
                provisional=isinstance(one, SeatedStudent) and one.provisional,
                reasons=tuple(reasons(curriculum, one)),
            )
    return None


def chosen_skill(
    curriculum: Curriculum, skills: Iterable[str], objective: str | None, following: Recommendation
) -> str | None:
    """The skill to look at when none was asked for: the next one to work on, else the first."""
    candidates = [candidate.skill for candidate in following.candidates]
    targets = curriculum.objectives[objective].skills if objective else ()
    return next(iter([*candidates, *targets, *skills]), None)


def _groups(
    curriculum: Curriculum, skills: Mapping[str, SkillBelief], place: Place, chosen: str
) -> tuple[SkillGroup, ...]:
    targets, before = _scope(curriculum, place.objective)
    others = [s for s in curriculum.skills if s not in targets and s not in before]
    parts: dict[str, Sequence[str]] = {
        "This objective": targets,
        "Builds on": before,
        "Other skills" if targets else "All skills": others,
        "Several skills in one question": [s for s in skills if SKILL_SEPARATOR in s],
    }
    near = ("This objective", "Builds on", "All skills")
    return tuple(
        SkillGroup(
            title,
            tuple(_skill_line(curriculum, skills[s], place, chosen) for s in part),
            folded=title not in near and chosen not in part,
        )
        for title, part in parts.items()
        if part
    )


def _scope(curriculum: Curriculum, objective: str | None) -> tuple[Sequence[str], Sequence[str]]:
    if objective is None:
        return (), ()
    targets = curriculum.objectives[objective].skills
    before = [skill for skill in curriculum.scope(objective) if skill not in targets]
    return targets, before[::-1]


def _skill_line(
    curriculum: Curriculum, belief: SkillBelief, place: Place, chosen: str
) -> SkillLine:
    return SkillLine(
        name=skill_name(curriculum, belief.skill),
        href=place.href(belief.skill),
        shown=shown(belief),
        chosen=belief.skill == chosen,
        last=day(belief.last_at) if belief.last_at else "",
        also=_also(belief),
    )


def _also(belief: SkillBelief) -> str:
    """Whose word the state is, where it is not the model's; else when a review falls due."""
    if belief.override is not None:
        return f"your word; the model says {STATES[belief.model_state or belief.state].lower()}"
    if belief.state == "secure" and belief.review_due is not None:
        return f"to review from {day(belief.review_due)}"
    return ""


def _offers(curriculum: Curriculum, candidates: Iterable[Candidate]) -> tuple[Offer, ...]:
    """The activities, best first. What was said of a skill is not said again for its next one."""
    said: set[str] = set()
    found = []
    for candidate in candidates:
        texts = [*(reason.text for reason in candidate.reasons), candidate.would_change]
        fresh = [text for text in texts if text not in said]
        said.update(texts)
        found.append(_offer(curriculum, candidate, fresh))
    return tuple(found)


def _offer(curriculum: Curriculum, candidate: Candidate, texts: Sequence[str]) -> Offer:
    return Offer(
        name=activity_name(curriculum, candidate.activity),
        skill=skill_name(curriculum, candidate.skill),
        facts=_facts(curriculum, candidate.activity),
        shown=tuple(texts[:REASONS_SHOWN]),
        more=tuple(texts[REASONS_SHOWN:]),
    )


def _facts(curriculum: Curriculum, activity: str) -> str:
    known = curriculum.activities[activity]
    led = ", with you" if known.teacher_led else ""
    return f"{known.modality}, {level(known.level)}, {known.minutes:g} min{led}"
