"""Beliefs: what the responses of a student say about every skill, under one model.

A belief is a pure function of responses and bundle. Responses count in the order (occurred_at,
id), whatever order they arrived in and however often, so page, API, CSV and report agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numba import njit

from .bundle import Bundle
from .parameters import SkillEstimate
from .responses import Response
from .tracing import (
    Floats,
    condition,
    interval,
    log_odds_of,
    p_correct,
    predict,
    probability,
    shifted,
)

SECURE = 0.95
"""Mastery from which a skill counts as secure: Corbett & Anderson's (1995) criterion."""
REOPEN = 0.90
"""A skill once secure is due for review when mastery falls below this."""
DEVELOPING = 0.50
"""Below this a skill is more likely not mastered than mastered."""
ENOUGH_RESPONSES = 3
"""Fewer responses than this are not enough evidence for a state: two lucky guesses in a row
happen to one student in twenty-five at guess = .2, three to one in a hundred."""
STRONG_RESPONSES = 8


@dataclass(frozen=True, slots=True)
class SkillBelief:
    """What is believed of one student in one skill.

    p_mastery   P(mastered) given every response so far, before any further learning
    low, high   90 % interval of p_mastery under the uncertainty of the fitted parameters
    n           responses it rests on
    evidence    none, thin (1-2), some (3-7) or strong (8 and more)
    state       unseen, not_enough_evidence, emerging, developing, secure or review_due
    p_correct   P(next answer correct)
    pooled      the model never saw this skill: values of the average skill stand in
    """

    skill: str
    p_mastery: float
    low: float
    high: float
    n: int
    evidence: str
    state: str
    p_correct: float
    last_at: datetime | None
    review_due: datetime | None
    model: str
    pooled: bool


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """One response in a student's trail on a skill, and how the belief moved."""

    response: Response
    p_correct: float
    p_mastery: float
    low: float
    high: float


def student_beliefs(
    responses: Sequence[Response], bundle: Bundle, skills: Iterable[str] = ()
) -> dict[str, SkillBelief]:
    """Beliefs of one student in every skill practised and every skill named.

    Skills named but never practised get the model's prior and the state `unseen`.
    """
    practised = by_skill(responses)
    wanted = dict.fromkeys([*skills, *sorted(practised)])
    return {
        skill: _belief(skill, practised[skill], bundle)
        if skill in practised
        else _unseen(skill, bundle)
        for skill in wanted
    }


def evidence_trail(responses: Sequence[Response], bundle: Bundle, skill: str) -> list[EvidenceStep]:
    """The responses of one student that bear on a skill, oldest first, each with its effect."""
    ordered = by_skill(responses).get(skill, [])
    predicted, mastered = _follow(ordered, bundle.estimate(skill)[0])[:2]
    ranges = _intervals(mastered).tolist()
    return [
        EvidenceStep(response, float(predicted[i]), float(mastered[i, 0]), *ranges[i])
        for i, response in enumerate(ordered)
    ]


def by_skill(responses: Iterable[Response]) -> dict[str, list[Response]]:
    """Responses of one student by the skill they are traced under, oldest first, each id once."""
    once = {response.id: response for response in responses}
    groups: dict[str, list[Response]] = {}
    for response in sorted(once.values(), key=lambda r: (r.occurred_at, r.id)):
        groups.setdefault(response.skill, []).append(response)
    return groups


def evidence_level(n: int) -> str:
    """How much a belief rests on, in a word.

    >>> [evidence_level(n) for n in (0, 2, 3, 8)]
    ['none', 'thin', 'some', 'strong']
    """
    if n == 0:
        return "none"
    if n < ENOUGH_RESPONSES:
        return "thin"
    return "some" if n < STRONG_RESPONSES else "strong"


def _unseen(skill: str, bundle: Bundle) -> SkillBelief:
    """The belief before any answer, worked out once for each skill the model knows, and once for
    all that it does not."""
    known = skill if skill in bundle.skills else ""
    kept = bundle.unseen.get(known)
    if kept is None:
        kept = bundle.unseen[known] = _belief(skill, [], bundle)
    return kept if kept.skill == skill else replace(kept, skill=skill)


def _belief(skill: str, responses: list[Response], bundle: Bundle) -> SkillBelief:
    estimate, pooled = bundle.estimate(skill)
    _, mastered, following = _follow(responses, estimate)
    last = mastered[-1:] if len(responses) else _priors(estimate)
    low, high = _intervals(last)[0].tolist()
    return SkillBelief(
        skill=skill,
        p_mastery=float(last[0, 0]),
        low=low,
        high=high,
        n=len(responses),
        evidence=evidence_level(len(responses)),
        state=_state(mastered[:, 0]),
        p_correct=following,
        last_at=responses[-1].occurred_at if responses else None,
        review_due=None,
        model=bundle.version,
        pooled=pooled,
    )


def _state(mastered: Floats) -> str:
    """The word for where a student stands, from the mastery after each response.

    A skill once secure stays so down to REOPEN; below it is due for review until secure again.
    """
    if len(mastered) == 0:
        return "unseen"
    if len(mastered) < ENOUGH_RESPONSES:
        return "not_enough_evidence"
    secure = np.flatnonzero(mastered[ENOUGH_RESPONSES - 1 :] >= SECURE)
    if len(secure):
        since = mastered[ENOUGH_RESPONSES - 1 + secure[-1] :]
        return "review_due" if (since < REOPEN).any() else "secure"
    return "developing" if mastered[-1] >= DEVELOPING else "emerging"


def _priors(estimate: SkillEstimate) -> Floats:
    return estimate.tables[None, :, 0]


def _intervals(mastered: Floats) -> Floats:
    """The 90 % interval over the draws, [row, 2], wide enough to hold the estimate itself."""
    if mastered.shape[1] == 1:
        return np.repeat(mastered, 2, axis=1)
    found = np.array([interval(row[1:]) for row in mastered]).reshape(-1, 2)
    found[:, 0] = np.minimum(found[:, 0], mastered[:, 0])
    found[:, 1] = np.maximum(found[:, 1], mastered[:, 0])
    return found


def _follow(responses: list[Response], estimate: SkillEstimate) -> tuple[Floats, Floats, float]:
    """P(correct) before and P(mastered) after each response, and P(correct) for the next one.

    Shapes: [response], [response, 1 + draw], scalar.
    """
    correct = np.array([response.correct for response in responses], dtype=np.float64)
    items = emissions(responses, estimate)
    return _follow_all(correct, items, estimate.tables, np.array(estimate.upper))


def emissions(responses: Sequence[Response], estimate: SkillEstimate) -> Floats:
    """The guess and slip of each response's item, [response, 2]; NaN where the skill's hold."""
    found = np.full((len(responses), 2), np.nan)
    if estimate.items:
        for row, response in enumerate(responses):
            own = estimate.items.get(response.item or "")
            if own is not None:
                found[row] = own
    return found


@njit(cache=True, nogil=True)
def _follow_all(
    correct: Floats, items: Floats, tables: Floats, upper: Floats
) -> tuple[Floats, Floats, float]:
    predicted = np.empty(len(correct))
    mastered = np.empty((len(correct), len(tables)))
    following = 0.0
    for lane in range(len(tables)):
        prior, learn, forget, skill_guess, skill_slip = tables[lane]
        state = log_odds_of(prior)
        for i in range(len(correct)):
            guess, slip = skill_guess, skill_slip
            if items[i, 0] == items[i, 0]:
                guess = shifted(items[i, 0], tables[0, 3], skill_guess, upper[3])
                slip = shifted(items[i, 1], tables[0, 4], skill_slip, upper[4])
            if lane == 0:
                predicted[i] = p_correct(state, guess, slip)
            state = condition(state, correct[i], guess, slip)
            mastered[i, lane] = probability(state)
            state = predict(state, learn, forget)
        if lane == 0:
            following = p_correct(state, skill_guess, skill_slip)
    return predicted, mastered, following
