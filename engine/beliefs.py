"""Beliefs: what the responses of a student say about every skill, under one model.

A belief is a pure function of responses and bundle. Responses count in the order (occurred_at,
id), whatever order they arrived in and however often, so page, API, CSV and report agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

import numpy as np

from .bundle import Bundle
from .contexts import TIME, Keys, Last, Record, keyed
from .hierarchy import Hierarchy
from .joint import joint, trail_intervals
from .memory import REOPEN, recalled, review_due, state_at
from .parameters import FORGET, GUESS, LEARN, PRIOR, SLIP, SkillEstimate
from .responses import Response
from .tables import Floats, Indexed, Integers, Tables
from .tracing import interval, trace_columns

SECURE = 0.95
"""Mastery from which a skill counts as secure: Corbett & Anderson's (1995) criterion."""
DEVELOPING = 0.50
"""Below this a skill is more likely not mastered than mastered."""
ENOUGH_RESPONSES = 3
"""Fewer responses than this are not enough evidence for a state: two lucky guesses in a row
happen to one student in twenty-five at guess = .2, three to one in a hundred."""
STRONG_RESPONSES = 8
UNSEEN = "unseen"
"""The word for a skill never practised."""


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
    review_due  when mastery will have fallen below the bar for want of practice; None: never, or
                the model has no clock
    p_now       P(mastered) at the time asked about, forgetting applied; None without a clock
    override    the override that `state` comes from; `model_state` is then the model's own word
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
    p_now: float | None = None
    override: str | None = None
    model_state: str | None = None

    @property
    def counted(self) -> float:
        """P(mastered) as decisions take it: a teacher's word before the model's estimate."""
        if self.override is None:
            return self.p_mastery
        if self.state == "secure":
            return max(self.p_mastery, SECURE)
        return min(self.p_mastery, DEVELOPING)


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """One response in a student's trail on a skill, and how the belief moved."""

    response: Response
    p_correct: float
    p_mastery: float
    low: float
    high: float


def student_beliefs(
    responses: Sequence[Response],
    bundle: Bundle,
    skills: Iterable[str] = (),
    *,
    at: datetime | None = None,
) -> dict[str, SkillBelief]:
    """Beliefs of one student in every skill practised and every skill named.

    Skills named but never practised get the model's prior and the state `unseen`. With a time, a
    skill that is due for review by then says so.
    """
    practised = practice(responses, bundle)
    wanted = dict.fromkeys([*skills, *sorted(practised)])
    if bundle.hierarchy is not None:
        found = _joint_beliefs(responses, practised, bundle, bundle.hierarchy, list(wanted))
    else:
        record = record_class(responses, bundle)
        found = {
            skill: _belief(skill, practised[skill], bundle)
            if skill in practised
            else _unseen(skill, bundle, record)
            for skill in wanted
        }
    return found if at is None else as_at(found, responses, bundle, at)


def as_at(
    beliefs: Mapping[str, SkillBelief], responses: Iterable[Response], bundle: Bundle, at: datetime
) -> dict[str, SkillBelief]:
    """The same beliefs at a time: what was forgotten by then, and what is due for review.

    `responses` are those that the beliefs rest on.
    """
    last = {response.skill: response for response in in_order(responses)}
    clock = bundle.contexts.gaps == TIME
    return {
        skill: _at(belief, last[skill], bundle, at) if clock and skill in last else belief
        for skill, belief in beliefs.items()
    }


def _at(belief: SkillBelief, last: Response, bundle: Bundle, at: datetime) -> SkillBelief:
    estimate, _ = bundle.estimate(belief.skill)
    now = recalled(belief.p_mastery, last, estimate, bundle.contexts, at=at)
    return replace(belief, p_now=now, state=state_at(belief.state, belief.review_due, at))


def evidence_trail(responses: Sequence[Response], bundle: Bundle, skill: str) -> list[EvidenceStep]:
    """The responses of one student that bear on a skill, oldest first, each with its effect.

    `responses` are all of the student's, whatever their skills.
    """
    if bundle.hierarchy is not None:
        return _joint_trail(in_order(responses), bundle.hierarchy, skill)
    steps = practice(responses, bundle).get(skill, [])
    predicted, mastered = _follow(steps, bundle.estimate(skill)[0])
    ranges = intervals(mastered).tolist()
    return [
        EvidenceStep(response, float(predicted[i, 0]), float(mastered[i, 0]), *ranges[i])
        for i, (response, _) in enumerate(steps)
    ]


def _joint_beliefs(
    responses: Sequence[Response],
    practised: Mapping[str, list[Step]],
    bundle: Bundle,
    hierarchy: Hierarchy,
    skills: list[str],
) -> dict[str, SkillBelief]:
    """Beliefs under a model whose skills are followed together."""
    ordered = in_order(responses)
    found = joint(ordered, hierarchy, skills)
    own = defaultdict[str, list[float]](list)
    for response, mastery in zip(ordered, found.trail.tolist(), strict=True):
        own[response.skill].append(mastery)
    beliefs = {}
    for i, skill in enumerate(skills):
        steps = practised.get(skill, [])
        # answers to other skills since may have moved the ability, and so this one
        trail = np.array([*own[skill][:-1], found.mastery[i]] if steps else [])
        mastery, state, last = (
            float(found.mastery[i]),
            _state(trail),
            steps[-1][0] if steps else None,
        )
        estimate, pooled = bundle.estimate(skill)
        beliefs[skill] = SkillBelief(
            skill=skill,
            p_mastery=mastery,
            low=float(found.low[i]),
            high=float(found.high[i]),
            n=len(steps),
            evidence=evidence_level(len(steps)),
            state=state,
            p_correct=float(found.p_correct[i]),
            last_at=None if last is None else last.occurred_at,
            review_due=last and review_due(mastery, state, last, estimate, bundle.contexts),
            model=bundle.version,
            pooled=pooled,
        )
    return beliefs


def _joint_trail(responses: list[Response], hierarchy: Hierarchy, skill: str) -> list[EvidenceStep]:
    skills = list(dict.fromkeys(one.skill for one in responses))
    found = joint(responses, hierarchy, skills)
    low, high = trail_intervals(responses, hierarchy, skills)
    low, high = np.minimum(low, found.trail), np.maximum(high, found.trail)
    rows = zip(responses, found.predicted, found.trail, low, high, strict=True)
    return [
        EvidenceStep(response, *(float(number) for number in numbers))
        for response, *numbers in rows
        if response.skill == skill
    ]


Step = tuple[Response, Keys]


def practice(responses: Iterable[Response], bundle: Bundle) -> dict[str, list[Step]]:
    """A student's responses by the skill they are traced under, each with its keys.

    Oldest first, each id once.
    """
    groups: dict[str, list[Step]] = {}
    for response, keys in keyed(in_order(responses), bundle.contexts):
        groups.setdefault(response.skill, []).append((response, keys))
    return groups


def in_order(responses: Iterable[Response]) -> list[Response]:
    """Responses in the order in which they count: by (occurred_at, id), each id once."""
    once = {response.id: response for response in responses}
    return sorted(once.values(), key=lambda r: (r.occurred_at, r.id))


def record_class(responses: Iterable[Response], bundle: Bundle) -> str | None:
    """The class of a student's record, where the model's priors depend on it."""
    if not bundle.contexts.priors:
        return None
    record = Record()
    for response in in_order(responses):
        record = record.after(response.correct)
    return record.named


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


def _unseen(skill: str, bundle: Bundle, record: str | None) -> SkillBelief:
    """The belief before any answer, worked out once for each skill the model knows and class of
    record, and once for all skills that it does not know."""
    known = skill if skill in bundle.skills else ""
    kept = bundle.unseen.get((known, record))
    if kept is None:
        kept = bundle.unseen[known, record] = _belief(skill, [], bundle, record)
    return kept if kept.skill == skill else replace(kept, skill=skill)


def _belief(
    skill: str,
    steps: list[Step],
    bundle: Bundle,
    record: str | None = None,
) -> SkillBelief:
    estimate, pooled = bundle.estimate(skill)
    _, mastered = _follow(steps, estimate)
    last = mastered[-1] if steps else estimate.column(PRIOR, record)
    low, high = intervals(last[None])[0].tolist()
    state = _state(mastered[:, 0])
    latest = steps[-1][0] if steps else None
    due = latest and review_due(float(last[0]), state, latest, estimate, bundle.contexts)
    return SkillBelief(
        skill=skill,
        p_mastery=float(last[0]),
        low=low,
        high=high,
        n=len(steps),
        evidence=evidence_level(len(steps)),
        state=state,
        p_correct=following(float(last[0]), estimate, steps[-1][0] if steps else None),
        last_at=steps[-1][0].occurred_at if steps else None,
        review_due=due,
        model=bundle.version,
        pooled=pooled,
    )


def following(mastery: float, estimate: SkillEstimate, last: Response | Last | None) -> float:
    """P(next answer correct) soon after the last one, on an item of which nothing is known."""
    _, learn, forget, guess, slip = estimate.parameters
    if last is not None:
        own = estimate.own(LEARN, last.activity)
        learn = learn if own is None else own
        mastery = mastery * (1.0 - forget) + (1.0 - mastery) * learn
    return mastery * (1.0 - slip) + (1.0 - mastery) * guess


def _state(mastered: Floats) -> str:
    """The word for where a student stands, from the mastery after each response.

    A skill once secure stays so down to REOPEN; below it is due for review until secure again.
    """
    if len(mastered) == 0:
        return UNSEEN
    if len(mastered) < ENOUGH_RESPONSES:
        return "not_enough_evidence"
    secure = np.flatnonzero(mastered[ENOUGH_RESPONSES - 1 :] >= SECURE)
    if len(secure):
        since = mastered[ENOUGH_RESPONSES - 1 + secure[-1] :]
        return "review_due" if (since < REOPEN).any() else "secure"
    return "developing" if mastered[-1] >= DEVELOPING else "emerging"


def intervals(mastered: Floats) -> Floats:
    """The 90 % interval over the draws, [row, 2], wide enough to hold the estimate itself."""
    if mastered.shape[1] == 1:
        return np.repeat(mastered, 2, axis=1)
    found = np.array([interval(row[1:]) for row in mastered]).reshape(-1, 2)
    found[:, 0] = np.minimum(found[:, 0], mastered[:, 0])
    found[:, 1] = np.maximum(found[:, 1], mastered[:, 0])
    return found


def _follow(steps: Sequence[Step], estimate: SkillEstimate) -> tuple[Floats, Floats]:
    """P(correct) before and P(mastered) after each response, each [response, 1 + draw]."""
    if not steps:
        return np.empty((0, 1)), np.empty((0, 1))
    return trace_columns(*tabulated(steps, estimate), 0)


def tabulated(steps: Sequence[Step], estimate: SkillEstimate) -> tuple[Indexed, Tables]:
    """One student's responses to one skill, and the tables of the rows that they read."""
    keys = [found for _, found in steps]
    priors, prior = _numbered([keys[0].prior])
    moves, transition = _numbered([(one.learn, one.forget) for one in keys])
    items, emission = _numbered([one.item for one in keys])
    tables = Tables(
        _stacked(estimate, PRIOR, priors),
        _stacked(estimate, LEARN, [learn for learn, _ in moves]),
        _stacked(estimate, FORGET, [forget for _, forget in moves]),
        _stacked(estimate, GUESS, items),
        _stacked(estimate, SLIP, items),
    )
    correct = np.array([response.correct for response, _ in steps], dtype=np.float64)
    return Indexed(np.array([0, len(steps)]), correct, prior, transition, emission), tables


Key = TypeVar("Key")


def _numbered(keys: Sequence[Key]) -> tuple[list[Key], Integers]:
    """The distinct keys, and the number of each."""
    if keys.count(keys[0]) == len(keys):  # most often all alike, and then told in a tenth
        return [keys[0]], np.zeros(len(keys), dtype=np.int64)
    seen: dict[Key, int] = {}
    numbers = [seen.setdefault(key, len(seen)) for key in keys]
    return list(seen), np.array(numbers, dtype=np.int64)


def _stacked(estimate: SkillEstimate, parameter: int, keys: Sequence[str | None]) -> Floats:
    if len(keys) == 1:
        return estimate.column(parameter, keys[0])[None]
    return np.ascontiguousarray([estimate.column(parameter, key) for key in keys])
