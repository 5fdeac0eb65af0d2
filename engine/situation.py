"""The situation a decision is made in: who stands where on which skills, and what was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .beliefs import SkillBelief
from .bundle import Bundle
from .curriculum import Activity, Curriculum
from .errors import Fault, InvalidInput
from .parameters import SkillParameters
from .requests import Request
from .responses import Response, combined

GATE = 0.90
"""A prerequisite below this counts as not held; on simulated students gating at .90 was worth one
to four skills a course, and reopening a little below the bar beat waiting for a large fall."""


@dataclass(frozen=True)
class Situation:
    """Everything that a decision about one student rests on.

    scope  the skills that count, prerequisites first
    path   the goal and what it builds on
    done   the activities with an answer in the history; `last` the one answered last
    """

    curriculum: Curriculum
    beliefs: Mapping[str, SkillBelief]
    bundle: Bundle
    request: Request
    scope: tuple[str, ...]
    path: frozenset[str]
    done: frozenset[str]
    last: str | None

    def mastery(self, skill: str) -> float:
        return self.beliefs[skill].p_mastery

    def is_secure(self, skill: str) -> bool:
        """Whether nothing need be done: the same word that every page shows for the skill."""
        return self.beliefs[skill].state == "secure"

    def parameters(self, skill: str) -> SkillParameters:
        return self.bundle.estimate(skill)[0].parameters

    def name(self, skill: str) -> str:
        """The name that sentences call a skill by."""
        found = self.curriculum.skills.get(skill)
        return found.name or skill if found else skill

    def missing(self, skill: str) -> list[str]:
        """The prerequisites of a skill that are not held, the weakest first."""
        gone = [p for p in self.curriculum.skills[skill].prerequisites if self.mastery(p) < GATE]
        return sorted(gone, key=self.mastery)

    def waiting_for(self, skill: str) -> list[str]:
        """The skills in scope, not yet secure, that `skill` keeps closed."""
        if self.mastery(skill) >= GATE:
            return []
        dependents = self.curriculum.dependents(skill)
        return [s for s in dependents if s in self._inside and not self.is_secure(s)]

    @cached_property
    def _inside(self) -> frozenset[str]:
        return frozenset(self.scope)

    def p_correct(self, activity: Activity) -> float:
        """P(right) of an answer in this activity, the mean over the questions it asks."""
        items = [self.curriculum.items[item] for item in activity.items]
        asked = [item.skills for item in items] or [activity.skills]
        return sum(self._p_correct_on(skills) for skills in asked) / len(asked)

    def _p_correct_on(self, skills: tuple[str, ...]) -> float:
        """A combination of skills is traced on its own; before its first answer, all are needed."""
        traced = combined(skills)
        if traced in self.beliefs:
            return self.beliefs[traced].p_correct
        mastered = 1.0
        for skill in set(skills):
            mastered *= self.mastery(skill)
        parameters = self.parameters(traced)
        return mastered * (1.0 - parameters.slip) + (1.0 - mastered) * parameters.guess


def situate(
    curriculum: Curriculum,
    beliefs: Mapping[str, SkillBelief],
    *,
    history: Sequence[Response],
    bundle: Bundle,
    request: Request,
) -> Situation:
    """The situation, once the request is known to make sense and every skill has a belief."""
    request.checked(curriculum)
    unbelieved = [skill for skill in curriculum.skills if skill not in beliefs]
    if unbelieved:
        expected = "a belief about every skill of the curriculum"
        raise InvalidInput(Fault("beliefs", skill, expected) for skill in unbelieved)
    path = curriculum.closure(() if request.goal is None else (request.goal,))
    answered = [r for r in history if r.activity is not None]
    latest = max(answered, key=lambda r: (r.occurred_at, r.id), default=None)
    return Situation(
        curriculum=curriculum,
        beliefs=beliefs,
        bundle=bundle,
        request=request,
        scope=_scope(curriculum, request, path),
        path=path,
        done=frozenset(r.activity for r in answered if r.activity is not None),
        last=None if latest is None else latest.activity,
    )


def _scope(curriculum: Curriculum, request: Request, path: frozenset[str]) -> tuple[str, ...]:
    """The objective's skills and the goal's, or every skill when neither is given."""
    if request.objective is None and request.goal is None:
        return tuple(curriculum.skills)
    inside = set(path)
    if request.objective is not None:
        inside.update(curriculum.scope(request.objective))
    return tuple(skill for skill in curriculum.skills if skill in inside)
