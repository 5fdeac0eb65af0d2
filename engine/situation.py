"""The situation a decision is made in: who stands where on which skills, and what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice

import numpy as np

from .beliefs import SkillBelief
from .bundle import Bundle
from .curriculum import Activity, Curriculum
from .diagnosis import MOST_WEIGHED, Known, held_over_graph
from .errors import Fault, InvalidInput
from .goals import Goal, Standing, goal_weights, standings
from .kinds import KindPrior, Multiplier, multipliers
from .overrides import NO_RULINGS, Rulings, ruled
from .pace import Pace, pace
from .parameters import SkillParameters
from .planning import GATE, Graph, Terms, readiness, skill_terms
from .plans import Plan, plan_of
from .requests import Request
from .responses import Response, combined
from .review import REVIEWS_A_DAY, deadlines, pulled, reviewed_lately
from .tables import Floats
from .tiring import Tiring, loads_now
from .workshops import NO_PLACES, Place

UNKNOWN = ("none", "thin")
"""Evidence that says too little to go by."""
NO_TIME = datetime.min.replace(tzinfo=UTC)
"""Before every deadline: where the time is not known, none presses and none has passed."""


@dataclass(frozen=True)
class Situation:
    """Everything that a decision about one student rests on.

    scope  the skills that count, prerequisites first
    path   the goal and what it builds on
    done   the activities with an answer in the history; `last` the one answered last
    aims   skill → the goal that asks most for it, and the factor it counts more for that
    due    the skills in scope to review now, the longest due first; `reviews_left`: how many of
           them still fit into the day
    places  activity → how the student stands with its seats; of those that have few
    """

    curriculum: Curriculum
    beliefs: Mapping[str, SkillBelief]
    bundle: Bundle
    request: Request
    scope: tuple[str, ...]
    path: frozenset[str]
    done: frozenset[str]
    last: str | None
    history: Sequence[Response] = ()
    rulings: Rulings = NO_RULINGS
    standings: tuple[Standing, ...] = ()
    aims: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    due: tuple[str, ...] = ()
    reviews_left: int = REVIEWS_A_DAY
    places: Mapping[str, Place] = field(default_factory=dict)
    now: datetime | None = None

    def is_seated(self, activity: Activity) -> bool:
        """Whether a seat is kept for the student in an activity that has few."""
        place = self.places.get(activity.id)
        return place is not None and place.is_seated

    def mastery(self, skill: str) -> float:
        """P(mastered) as decisions take it: a teacher's word first."""
        return self.beliefs[skill].counted

    def is_secure(self, skill: str) -> bool:
        """Whether nothing need be done: the same word that every page shows for the skill."""
        return self.beliefs[skill].state == "secure"

    def parameters(self, skill: str) -> SkillParameters:
        return self.bundle.estimate(skill)[0].parameters

    def name(self, skill: str) -> str:
        """The name that sentences call a skill by."""
        found = self.curriculum.skills.get(skill)
        return found.name or skill if found else skill

    def recalled(self, skill: str) -> float:
        """P(mastered) with what was forgotten since, of a skill to review; else as it counts."""
        belief = self.beliefs[skill]
        faded = belief.p_now if belief.state == "review_due" else None
        return self.mastery(skill) if faded is None else min(faded, self.mastery(skill))

    def prerequisites(self, skill: str) -> list[str]:
        """What the skill builds on, but for what a teacher said to skip."""
        needed = self.curriculum.skills[skill].prerequisites
        if not self.rulings.skips:
            return list(needed)
        return [p for p in needed if not self.rulings.skips_prerequisite(skill, p)]

    def missing(self, skill: str) -> list[str]:
        """The prerequisites of a skill that are not held, the weakest first."""
        gone = [p for p in self.prerequisites(skill) if self.mastery(p) < GATE]
        return sorted(gone, key=self.mastery)

    def aim(self, skill: str) -> tuple[str, float]:
        """The goal, by name, that asks most for the skill, and its factor; ("", 1) for none."""
        if skill not in self.aims:
            return "", 1.0
        target, factor = self.aims[skill]
        return self.target_name(target), factor

    def target_name(self, target: str) -> str:
        """The name of what a goal aims at: an objective, or else a skill."""
        objective = self.curriculum.objectives.get(target)
        return self.name(target) if objective is None else objective.name or target

    def waiting_for(self, skill: str) -> list[str]:
        """The skills in scope, not yet secure, that `skill` keeps closed."""
        return [] if self.mastery(skill) >= GATE else self.unfinished_dependents(skill)

    def unfinished_dependents(self, skill: str) -> list[str]:
        """The skills in scope, not yet secure, that build on `skill`."""
        dependents = self.curriculum.dependents(skill)
        return [s for s in dependents if s in self._inside and not self.is_secure(s)]

    @cached_property
    def fringe(self) -> dict[str, int]:
        """The skills in scope that are open and not secure, each with how many come before it."""
        open_now = [s for s in self.scope if not self.is_secure(s) and self.is_open(s)]
        return {skill: place for place, skill in enumerate(open_now)}

    def is_open(self, skill: str) -> bool:
        """Whether everything the skill builds on is held."""
        return skill in self._open

    @cached_property
    def _open(self) -> frozenset[str]:
        skills = self.curriculum.skills
        lacking = {skill for skill in skills if self.mastery(skill) < GATE}
        if not self.rulings.skips:
            return frozenset(s.id for s in skills.values() if lacking.isdisjoint(s.prerequisites))
        return frozenset(s for s in skills if lacking.isdisjoint(self.prerequisites(s)))

    def open_before(self, skill: str) -> int:
        """How many skills that are open come before this one in the course."""
        if skill in self.fringe:
            return self.fringe[skill]
        row = self.plan.rows[skill]
        return sum(self.plan.rows[other] < row for other in self.fringe)

    def speed(self, skill: str) -> float:
        """The student's speed on a skill: their own, less where it was just worked on, times what
        its prerequisites leave of it."""
        row = self.plan.rows[skill]
        return float(self.speeds[row]) * readiness(self._held, self._graph, row, GATE)

    @cached_property
    def plan(self) -> Plan:
        """The course under the model, and the rule in force."""
        return plan_of(self.curriculum, self.bundle)

    @cached_property
    def over_graph(self) -> Mapping[str, float]:
        """P(held) of the skills in scope as a diagnosis has it: by what builds on what."""
        weighed = self.scope
        if len(weighed) > MOST_WEIGHED:
            unknown = (s for s in weighed if self.beliefs[s].evidence in UNKNOWN)
            weighed = tuple(islice(unknown, MOST_WEIGHED))
        return held_over_graph({skill: self._known(skill) for skill in weighed})

    def _known(self, skill: str) -> Known:
        belief, p = self.beliefs[skill], self.mastery(skill)
        silent = belief.n == 0 and belief.override is None
        before = p if silent else self.parameters(skill).prior
        return Known(tuple(self.prerequisites(skill)), before, p)

    @cached_property
    def kinds(self) -> Mapping[str, Multiplier]:
        """The kinds of activity that clearly teach this student better or worse than others."""
        learnt = self.bundle.facts.get("kinds", {})
        priors = {kind: KindPrior(mean, spread) for kind, (mean, spread) in learnt.items()}
        return multipliers(self.history, self.bundle, self.curriculum, priors)

    @cached_property
    def pace(self) -> Pace:
        """How fast the student learns, where the rule in force goes by it."""
        followed = self.history if self.plan.follows_index else ()
        return pace(followed, self.bundle, self.curriculum)

    @cached_property
    def loads(self) -> Floats:
        """How much each skill was worked on just now, in course order; 0 where that tires nobody
        as far as the model knows."""
        if not self.tiring.rate:
            return np.zeros(len(self.plan.rows))
        return loads_now(self.history, self.plan.rows, self.tiring.memory, self.now)

    @cached_property
    def tiring(self) -> Tiring:
        """How much a skill just worked on is learnt more slowly, by the log behind the model."""
        return Tiring.of(self.bundle.facts.get("tiring", {}))

    @cached_property
    def speeds(self) -> Floats:
        """The student's speed on every skill with nothing missing, in course order."""
        return np.asarray(self.pace.speed * np.exp(-self.tiring.rate * self.loads))

    @cached_property
    def terms(self) -> Terms:
        """What each skill of the course is worth by the index rule, as logs, in course order.

        Every skill in scope counts once; what a goal adds is a term of its own.
        """
        plan, held = self.plan, self._held
        wanted = np.array([float(skill in self._inside) for skill in plan.rows])
        return skill_terms(held, self.speeds, plan.rates, plan.tables, self._graph, wanted, GATE)

    @cached_property
    def _held(self) -> Floats:
        return np.array([self.mastery(skill) for skill in self.plan.rows])

    @cached_property
    def _graph(self) -> Graph:
        """The plan's graph, but for the edges that a teacher said to skip."""
        graph, skips = self.plan.graph, self.rulings.skips_prerequisite
        if not self.rulings.skips:
            return graph
        strengths, names = graph.strengths.copy(), list(self.plan.rows)
        for row, skill in enumerate(names):
            for edge in range(graph.starts[row], graph.starts[row + 1]):
                if skips(skill, names[graph.needs[edge]]):
                    strengths[edge] = 0.0
        return graph._replace(strengths=strengths)

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
            mastered *= self.beliefs[skill].p_mastery  # as the model predicts, whoever rules
        parameters = self.parameters(traced)
        return mastered * (1.0 - parameters.slip) + (1.0 - mastered) * parameters.guess


def situate(
    curriculum: Curriculum,
    beliefs: Mapping[str, SkillBelief],
    *,
    history: Sequence[Response],
    bundle: Bundle,
    request: Request,
    rulings: Rulings = NO_RULINGS,
    goals: Sequence[Goal] = (),
    now: datetime | None = None,
    places: Sequence[Place] = NO_PLACES,
) -> Situation:
    """The situation, once the request is known to make sense and every skill has a belief.

    `goals` are the student's; their deadlines count where it is known what time it is.
    """
    request.checked(curriculum)
    unbelieved = [skill for skill in curriculum.skills if skill not in beliefs]
    if unbelieved:
        expected = "a belief about every skill of the curriculum"
        raise InvalidInput(Fault("beliefs", skill, expected) for skill in unbelieved)
    path = curriculum.closure(() if request.goal is None else (request.goal,))
    beliefs = ruled(beliefs, rulings) if rulings.states else beliefs
    moment = now or NO_TIME
    found = standings(goals, curriculum, beliefs, now=moment)
    answered = [r for r in history if r.activity is not None]
    latest = max(answered, key=lambda r: (r.occurred_at, r.id), default=None)
    scope = _scope(curriculum, request, path)
    return Situation(
        curriculum=curriculum,
        beliefs=beliefs,
        bundle=bundle,
        request=request,
        scope=scope,
        path=path,
        done=frozenset(r.activity for r in answered if r.activity is not None),
        last=None if latest is None else latest.activity,
        history=history,
        rulings=rulings,
        standings=found,
        aims=goal_weights(goals, found, now=moment),
        due=_due(curriculum, beliefs, scope, goals, found, now),
        reviews_left=_reviews_left(history, beliefs, now),
        places={place.activity: place for place in places},
        now=now,
    )


def _scope(curriculum: Curriculum, request: Request, path: frozenset[str]) -> tuple[str, ...]:
    """The objective's skills and the goal's, or every skill when neither is given."""
    if request.objective is None and request.goal is None:
        return tuple(curriculum.skills)
    inside = set(path)
    if request.objective is not None:
        inside.update(curriculum.scope(request.objective))
    return tuple(skill for skill in curriculum.skills if skill in inside)


def _due(
    curriculum: Curriculum,
    beliefs: Mapping[str, SkillBelief],
    scope: Iterable[str],
    goals: Iterable[Goal],
    found: Iterable[Standing],
    now: datetime | None,
) -> tuple[str, ...]:
    """The skills in scope to review now: those that have fallen, and those a deadline asks for."""
    moment = now or NO_TIME
    paths = {goal.id: curriculum.closure(goal.targets(curriculum)) for goal in goals}
    asked = deadlines(found, paths, moment) if paths and now is not None else {}
    dates: dict[str, datetime] = {}
    for skill in scope:
        belief = beliefs[skill]
        if belief.review_due is None and belief.state != "review_due":
            continue  # nearly every skill of a large course
        date = None if belief.override else pulled(belief, asked.get(skill), moment)
        if belief.state == "review_due":
            dates[skill] = date or NO_TIME
        elif belief.state == "secure" and date is not None and date <= moment:
            dates[skill] = date
    return tuple(sorted(dates, key=dates.__getitem__))


def _reviews_left(
    history: Sequence[Response], beliefs: Mapping[str, SkillBelief], now: datetime | None
) -> int:
    """How many more skills may be reviewed today; where the time is not known, all that may be."""
    if now is None:
        return REVIEWS_A_DAY
    return max(0, REVIEWS_A_DAY - len(reviewed_lately(history, beliefs, now)))
