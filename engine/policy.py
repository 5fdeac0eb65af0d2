"""The next activity: what a student should do now, and why.

Among the skills in scope that are not secure, those whose prerequisites are held are open (the
outer fringe). Where the model rests on enough students and fits them, the index rule says what each
open skill is worth (`engine.planning`); else the careful rule takes them in course order. The
activities that fit best are served, two of each of the best skills.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from .beliefs import SkillBelief
from .bundle import Bundle
from .chance import Chance
from .curriculum import Curriculum
from .explanation import Code, Reason
from .goals import Goal, Standing
from .outlook import expected_gain, would_change
from .overrides import NO_RULINGS, Rulings
from .pins import notes_on_overrides, pins_first
from .ranking import DEFAULT_WEIGHTS, Weights
from .readiness import Readiness
from .requests import Request
from .responses import Response
from .shortlist import shortlist
from .situation import Situation, situate
from .slate import Served, slate
from .tasks import Task, blocked_skills, readiness_in, ready_to_assess, tasks_for
from .verdict import notes_on_goals, verdict, waiting_note
from .withheld import withheld
from .workshops import NO_PLACES, Place

MOST_BLOCKED = 30
"""Blocked skills that a decision names: those that the student will meet first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One activity that is offered.

    rank           1 is what the policy would have the student do
    score          exp of the sum of the reasons' weights
    propensity     P(this candidate is ranked first), over all draws of chance; the candidates'
                   propensities sum to 1
    p_correct      P(the next answer on its skills is right)
    expected_gain  expected rise of P(mastered) of `skill` from one opportunity
    would_change   what would change this recommendation
    """

    activity: str
    skill: str
    purpose: str
    rank: int
    score: float
    propensity: float
    p_correct: float
    expected_gain: float
    reasons: tuple[Reason, ...]
    would_change: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """A skill that waits for a prerequisite: which, and how well that one is mastered. Or, with an
    `activity`, one on an open skill that waits for a tool or a seat; `waits_for` is then the tool,
    or None for a seat, and `p_mastery` is that of the skill."""

    skill: str
    waits_for: str | None
    p_mastery: float
    text: str
    activity: str | None = None
    code: str = Code.WAITS_FOR.value


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A decision, whole: its status in a word, what is offered, and what is not and why.

    ok                 there is something to do
    complete           everything in scope is secure and nothing is to be reviewed; of a diagnosis:
                       nothing is left to ask
    nothing_available  there is something to learn, but no activity passes: `reasons` say why
    needs_teacher      only teacher-led work is left, or the student is stuck on the skill that
                       comes first (candidates, if any, are what to go on with meanwhile)
    review_later       what was asked for is not due yet

    `policy` is the rule in force by name and version, `rule` says why it is that one. Of what is
    blocked, the first in course order are shown. `overrides` are those in force for the student;
    `goals` how far each of the student's has come. `readiness`: to whoever asks for a check, how
    the surest ones would go.
    """

    status: str
    candidates: tuple[Candidate, ...]
    blocked: tuple[Blocked, ...]
    ready_to_assess: tuple[str, ...]
    reasons: tuple[Reason, ...]
    policy: str
    rule: Reason
    overrides: tuple[str, ...] = ()
    goals: tuple[Standing, ...] = ()
    readiness: tuple[Readiness, ...] = ()


def recommend(
    curriculum: Curriculum,
    beliefs: Mapping[str, SkillBelief],
    *,
    history: Sequence[Response],
    bundle: Bundle,
    request: Request,
    chance: Chance,
    weights: Weights = DEFAULT_WEIGHTS,
    rulings: Rulings = NO_RULINGS,
    goals: Sequence[Goal] = (),
    now: datetime | None = None,
    places: Sequence[Place] = NO_PLACES,
) -> Recommendation:
    """What one student should do next. Raises `InvalidInput` where the request names the unknown.

    `beliefs` holds every skill of the curriculum; others (skills since removed, combinations of
    skills) are welcome. `history` is the student's responses in any order, `rulings` the overrides
    in force for them, `goals` theirs and their classes'; deadlines count where `now` is given.
    `places`: how they stand with the seats of workshops.

    >>> import numpy as np
    >>> from engine.beliefs import student_beliefs
    >>> from engine.curriculum import Activity, Skill
    >>> from engine.parameters import SkillEstimate, SkillParameters
    >>> course = Curriculum.of(skills=[Skill("ratio"), Skill("slope", prerequisites=("ratio",))],
    ...                        activities=[Activity("mixing paint", ("ratio",))])
    >>> values = SkillParameters(prior=0.3, learn=0.2, forget=0.0, guess=0.2, slip=0.1)
    >>> bundle = Bundle("classic", {}, SkillEstimate(values, values, np.zeros((5, 5))))
    >>> beliefs = student_beliefs([], bundle, course.skills)
    >>> found = recommend(course, beliefs, history=[], bundle=bundle, request=Request(),
    ...                   chance=Chance("ana", 1))
    >>> found.status, found.candidates[0].activity, found.blocked[0].waits_for
    ('ok', 'mixing paint', 'ratio')
    >>> found.candidates[0].would_change
    '2 more right answers in a row on “ratio” would open “slope”.'
    """
    situation = situate(
        curriculum,
        beliefs,
        history=history,
        bundle=bundle,
        request=request,
        rulings=rulings,
        goals=goals,
        now=now,
        places=places,
    )
    return _decided(situation, chance, weights)


def _decided(situation: Situation, chance: Chance, weights: Weights) -> Recommendation:
    """The decision of a situation: what is served, what is not, and a word for it all."""
    n, rulings = situation.request.n, situation.rulings
    tasks = tasks_for(situation)
    chosen = slate(shortlist(situation, tasks, n=n, weights=weights), n=n, chance=chance)
    served = pins_first(situation, chosen, n=n, weights=weights)
    status, reasons = verdict(situation, tasks, [s.scored.option for s in served])
    checks = situation.request.intent == "assess"
    return Recommendation(
        status=status,
        candidates=_candidates(situation, served),
        blocked=(*_blocked(situation), *_withheld(situation, tasks)),
        ready_to_assess=ready_to_assess(situation),
        reasons=(*reasons, *notes_on_overrides(situation), *notes_on_goals(situation)),
        overrides=tuple(sorted(one.id for one in rulings.all)),
        goals=situation.standings,
        readiness=readiness_in(situation) if checks else (),
        policy=situation.plan.rule,
        rule=situation.plan.why,
    )


def _candidates(situation: Situation, served: Sequence[Served]) -> tuple[Candidate, ...]:
    skills = dict.fromkeys(s.scored.option.task.skill for s in served)
    return tuple(
        _candidate(situation, one, rank, [s for s in skills if s != one.scored.option.task.skill])
        for rank, one in enumerate(served, start=1)
    )


def _candidate(situation: Situation, served: Served, rank: int, others: list[str]) -> Candidate:
    task, activity = served.scored.option
    return Candidate(
        activity=activity.id,
        skill=task.skill,
        purpose=task.purpose,
        rank=rank,
        score=served.scored.score,
        propensity=served.propensity,
        p_correct=situation.p_correct(activity),
        expected_gain=expected_gain(situation, task.skill),
        reasons=served.scored.reasons,
        would_change=would_change(situation, task, others),
    )


def _blocked(situation: Situation) -> tuple[Blocked, ...]:
    waiting = islice(blocked_skills(situation), MOST_BLOCKED)
    return tuple(
        Blocked(skill, other, situation.mastery(other), waiting_note(situation, skill, other).text)
        for skill, other in waiting
    )


def _withheld(situation: Situation, tasks: Sequence[Task]) -> tuple[Blocked, ...]:
    return tuple(
        Blocked(
            skill=one.skill,
            waits_for=one.waits_for,
            p_mastery=situation.mastery(one.skill),
            text=one.reason.text,
            activity=one.activity,
            code=one.reason.code,
        )
        for one in islice(withheld(situation, tasks), MOST_BLOCKED)
    )
