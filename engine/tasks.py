"""Which skills to work on now, and to what purpose: the outer fringe and its exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from .placement import SURE
from .readiness import Readiness, check_length, least_mastery, readiness
from .situation import UNKNOWN, Situation
from .states import DEVELOPING, ENOUGH_RESPONSES

MOST_CHECKS = 5
"""Skills whose readiness is told to whoever asks for a check: the surest."""
STUCK_RESPONSES = 10
"""This many answers with the skill still more likely not mastered: a teacher should look. An
alert and not a stop: capping the attempts cost simulated students skills."""


CHECKS = ("assess", "diagnose")
"""Purposes that ask in order to know, and not in order to teach."""


class Task(NamedTuple):
    """A skill to work on, and what for: learn, practice, review, assess or diagnose."""

    skill: str
    purpose: str


def tasks_for(situation: Situation) -> list[Task]:
    """The skills that the request's intent allows now, in course order, none of them blocked."""
    if situation.request.revisit is not None:
        return _revisit(situation, situation.request.revisit)
    return TASKS[situation.request.intent](situation)


def blocked_skills(situation: Situation) -> Iterator[tuple[str, str]]:
    """Each skill in scope that cannot start yet, with its weakest prerequisite, in course order."""
    waiting = (skill for skill in situation.scope if not can_start(situation, skill))
    return ((skill, situation.missing(skill)[0]) for skill in waiting)


def ready_to_assess(situation: Situation) -> tuple[str, ...]:
    """The skills in scope that an assessment would make sense for."""
    return tuple(skill for skill in situation.scope if _is_ready(situation, skill))


def can_start(situation: Situation, skill: str) -> bool:
    """Whether the request's intent may touch the skill: it is secure, or nothing bars it."""
    if situation.is_secure(skill) or is_revisited(situation, skill):
        return True
    diagnosing = situation.request.intent == "diagnose"
    return _can_be_asked(situation, skill) if diagnosing else situation.is_open(skill)


def is_revisited(situation: Situation, skill: str) -> bool:
    """Whether the student asks for a skill again that they have worked on."""
    return skill == situation.request.revisit and situation.beliefs[skill].n > 0


def is_stuck(situation: Situation, skill: str) -> bool:
    """Whether much practice has led nowhere."""
    belief = situation.beliefs[skill]
    return belief.n >= STUCK_RESPONSES and belief.counted < DEVELOPING


def _revisit(situation: Situation, skill: str) -> list[Task]:
    """The one skill that is asked for again, whatever its state; nothing if it is new."""
    purpose = "review" if skill in situation.due else "practice"
    return [Task(skill, purpose)] if is_revisited(situation, skill) else []


def _fringe(situation: Situation) -> list[str]:
    return list(situation.fringe)


def _auto(situation: Situation) -> list[Task]:
    """What is due, as far as it fits into the day, and what can be learnt."""
    due = [task.skill for task in _review(situation)]
    today = set(sorted(due, key=situation.due.index)[: situation.reviews_left])
    open_ = set(_fringe(situation)) - set(due)
    purposes = {**dict.fromkeys(open_, "learn"), **dict.fromkeys(today, "review")}
    return [Task(skill, purposes[skill]) for skill in situation.scope if skill in purposes]


def postponed(situation: Situation) -> list[str]:
    """The skills that are due and could be reviewed, but no longer fit into the day."""
    due = sorted((task.skill for task in _review(situation)), key=situation.due.index)
    return due[situation.reviews_left :] if situation.request.intent == "auto" else []


def _learn(situation: Situation) -> list[Task]:
    return [Task(skill, "learn") for skill in _fringe(situation)]


def _practice(situation: Situation) -> list[Task]:
    """What was begun already; a student who has begun nothing begins."""
    fringe = _fringe(situation)
    begun = [skill for skill in fringe if situation.beliefs[skill].n > 0]
    return [Task(skill, "practice") for skill in begun or fringe]


def _review(situation: Situation) -> list[Task]:
    """What is due; whoever asks for reviews gets as many as they want."""
    due = frozenset(situation.due)
    return [
        Task(skill, "review")
        for skill in situation.scope
        if skill in due and (situation.is_secure(skill) or situation.is_open(skill))
    ]


def _assess(situation: Situation) -> list[Task]:
    return [Task(skill, "assess") for skill in ready_to_assess(situation)]


def _diagnose(situation: Situation) -> list[Task]:
    """The skills in doubt, by all answers and what builds on what, that few answers speak of.

    Whoever has answered nothing is asked, however sure the model is of newcomers.
    """
    begun = any(situation.beliefs[skill].n for skill in situation.scope)
    return [
        Task(skill, "diagnose")
        for skill, p in situation.over_graph.items()
        if (not begun or 1.0 - SURE < p < SURE)
        and situation.beliefs[skill].evidence in UNKNOWN
        and _can_be_asked(situation, skill)
    ]


def _can_be_asked(situation: Situation, skill: str) -> bool:
    """Asking waits only for prerequisites *known* to be missing; unknown ones may well be held."""
    return all(situation.beliefs[p].evidence in UNKNOWN for p in situation.missing(skill))


def _is_ready(situation: Situation, skill: str) -> bool:
    belief = situation.beliefs[skill]
    if belief.n < ENOUGH_RESPONSES or belief.counted < ready_from(situation, skill):
        return False
    return not _is_confirmed(situation, skill) and situation.is_open(skill)


def ready_from(situation: Situation, skill: str) -> float:
    """The mastery from which a check on the skill is offered."""
    return least_mastery(situation.parameters(skill), check_length(situation.curriculum, skill))


def readiness_in(situation: Situation) -> tuple[Readiness, ...]:
    """How checks would go on the skills in scope that were begun and are open, the surest first;
    those that a check has confirmed are over."""
    found = [
        readiness(
            situation.beliefs[skill],
            situation.parameters(skill),
            questions=check_length(situation.curriculum, skill),
        )
        for skill in situation.scope
        if situation.beliefs[skill].n > 0
        and situation.is_open(skill)
        and not _is_confirmed(situation, skill)
    ]
    return tuple(sorted(found, key=lambda one: -one.p_pass))[:MOST_CHECKS]


def _is_confirmed(situation: Situation, skill: str) -> bool:
    return situation.is_secure(skill) and _was_assessed(situation, skill)


def _was_assessed(situation: Situation, skill: str) -> bool:
    checks = situation.curriculum.checks_for(skill)
    return any(check.id in situation.done for check in checks)


TASKS: Mapping[str, Callable[[Situation], list[Task]]] = {
    "auto": _auto,
    "learn": _learn,
    "practice": _practice,
    "review": _review,
    "assess": _assess,
    "diagnose": _diagnose,
}
