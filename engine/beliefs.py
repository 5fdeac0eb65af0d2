"""Beliefs: what the responses of a student say about every skill, under one model.

A belief is a pure function of responses and bundle. Responses count in the order (occurred_at,
id), whatever order they arrived in and however often, so page, API, CSV and report agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from .bundle import Bundle
from .contexts import SKILL_ALONE, TIME, Keys, Last, Record, keyed
from .hierarchy import Hierarchy
from .joint import joint
from .memory import recalled, review_due, state_at
from .parameters import FORGET, GUESS, LEARN, PRIOR, SLIP, SkillEstimate
from .responses import Response
from .states import (
    DEVELOPING,
    ENOUGH_RESPONSES,
    SECURE,
    STATES,
    UNSEEN,
    state_of,
    trace_ends,
)
from .tables import Floats, Indexed, Tables
from .touches import touched
from .tracing import interval

STRONG_RESPONSES = 8
PLACE = attrgetter("occurred_at", "id")
"""What responses are ordered by."""


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
        known = _beliefs(practised, bundle)
        found = {skill: known.get(skill) or _unseen(skill, bundle, record) for skill in wanted}
    return found if at is None else as_at(found, responses, bundle, at)


def as_at(
    beliefs: Mapping[str, SkillBelief], responses: Iterable[Response], bundle: Bundle, at: datetime
) -> dict[str, SkillBelief]:
    """The same beliefs at a time: what was forgotten by then, and what is due for review.

    `responses` are those that the beliefs rest on.
    """
    if bundle.contexts.gaps != TIME:
        return dict(beliefs)
    last = {
        skill: response
        for response in in_order(responses)
        for skill in touched_by(response, bundle)
    }
    return {
        skill: _at(belief, last[skill], bundle, at) if skill in last else belief
        for skill, belief in beliefs.items()
    }


def _at(belief: SkillBelief, last: Response, bundle: Bundle, at: datetime) -> SkillBelief:
    estimate, _ = bundle.estimate(belief.skill)
    now = recalled(belief.p_mastery, last, estimate, bundle.contexts, at=at)
    return replace(belief, p_now=now, state=state_at(belief.state, belief.review_due, at))


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
    of_touch = [skill for response in ordered for skill in touched_by(response, bundle)]
    for skill, mastery in zip(of_touch, found.trail.tolist(), strict=True):
        own[skill].append(mastery)
    beliefs = {}
    rows = zip(*(column.tolist() for column in found[:4]), strict=True)
    for skill, (mastery, low, high, p_correct) in zip(skills, rows, strict=True):
        steps = practised.get(skill, [])
        # answers to other skills since may have moved the ability, and so this one
        trail = np.array([*own[skill][:-1], mastery] if steps else [], dtype=np.float64)
        word = STATES[state_of(trail)]
        stands = Found(mastery, low, high, word, p_correct)
        beliefs[skill] = _belief(skill, bundle, found=stands, steps=steps)
    return beliefs


Step = tuple[Response, Keys]


def practice(responses: Iterable[Response], bundle: Bundle) -> dict[str, list[Step]]:
    """A student's responses by the skills that they move, each with its keys.

    Oldest first, each id once.
    """
    groups: dict[str, list[Step]] = {}
    # a model with a hierarchy finds its own rows
    contexts = bundle.contexts if bundle.hierarchy is None else SKILL_ALONE
    for response, keys in keyed(in_order(responses), contexts):
        for skill in touched_by(response, bundle):
            groups.setdefault(skill, []).append((response, keys))
    return groups


def touched_by(response: Response, bundle: Bundle) -> list[str]:
    """The skills that a response moves, its own first: under some models a response to several
    skills together moves each of them too."""
    together = bundle.hierarchy is not None and not bundle.hierarchy.combining.apart
    return touched(response.skill) if together else [response.skill]


def in_order(responses: Iterable[Response]) -> list[Response]:
    """Responses in the order in which they count: by (occurred_at, id), each id once."""
    once = {response.id: response for response in responses}
    return sorted(once.values(), key=PLACE)


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
        kept = bundle.unseen[known, record] = _new(skill, bundle, record)
    return kept if kept.skill == skill else replace(kept, skill=skill)


def _new(skill: str, bundle: Bundle, record: str | None) -> SkillBelief:
    estimate, _ = bundle.estimate(skill)
    prior = estimate.column(PRIOR, record)
    mastery, (low, high) = float(prior[0]), intervals(prior[None])[0].tolist()
    stands = Found(mastery, low, high, UNSEEN, following(mastery, estimate, None))
    return _belief(skill, bundle, found=stands, steps=())


def _beliefs(practised: Mapping[str, Sequence[Step]], bundle: Bundle) -> dict[str, SkillBelief]:
    """Beliefs in the skills practised, each followed on its own, all in one go."""
    if not practised:
        return {}
    groups = [(bundle.estimate(skill)[0], steps) for skill, steps in practised.items()]
    ends = trace_ends(*tabulated(groups))
    found = {}
    rows = zip(practised, groups, *(column.tolist() for column in ends), strict=True)
    for skill, (estimate, steps), mastery, low, high, state in rows:
        p_correct = following(mastery, estimate, steps[-1][0])
        stands = Found(mastery, low, high, STATES[state], p_correct)
        found[skill] = _belief(skill, bundle, found=stands, steps=steps)
    return found


class Found(NamedTuple):
    """Where a student stands in a skill: fields of `SkillBelief` that answers move."""

    p_mastery: float
    low: float
    high: float
    state: str
    p_correct: float


def _belief(skill: str, bundle: Bundle, *, found: Found, steps: Sequence[Step]) -> SkillBelief:
    """The belief of one who stands so after these responses to the skill."""
    mastery, low, high, state, p_correct = found
    estimate, pooled = bundle.estimate(skill)
    last = steps[-1][0] if steps else None
    return SkillBelief(
        skill=skill,
        p_mastery=mastery,
        low=low,
        high=high,
        n=len(steps),
        evidence=evidence_level(len(steps)),
        state=state,
        p_correct=p_correct,
        last_at=last and last.occurred_at,
        review_due=last and review_due(mastery, state, last, estimate, bundle.contexts),
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


def intervals(mastered: Floats) -> Floats:
    """The 90 % interval over the draws, [row, 2], wide enough to hold the estimate itself."""
    if mastered.shape[1] == 1:
        return np.repeat(mastered, 2, axis=1)
    found = np.array([interval(row[1:]) for row in mastered]).reshape(-1, 2)
    found[:, 0] = np.minimum(found[:, 0], mastered[:, 0])
    found[:, 1] = np.maximum(found[:, 1], mastered[:, 0])
    return found


def tabulated(groups: Sequence[tuple[SkillEstimate, Sequence[Step]]]) -> tuple[Indexed, Tables]:
    """One student's responses, skill after skill, and the tables of the rows that they read.

    Skills and their responses are the groups; each set of keys that a skill meets has one row.
    """
    numbers: dict[tuple[int, Keys], int] = {}
    rows = [
        numbers.setdefault((place, keys), len(numbers))
        for place, (_, steps) in enumerate(groups)
        for _, keys in steps
    ]
    met = [(groups[place][0], keys) for place, keys in numbers]
    tables = Tables(
        _stacked(PRIOR, [(estimate, steps[0][1].prior) for estimate, steps in groups]),
        _stacked(LEARN, [(estimate, keys.learn) for estimate, keys in met]),
        _stacked(FORGET, [(estimate, keys.forget) for estimate, keys in met]),
        _stacked(GUESS, [(estimate, keys.item) for estimate, keys in met]),
        _stacked(SLIP, [(estimate, keys.item) for estimate, keys in met]),
    )
    starts = np.array([0, *accumulate(len(steps) for _, steps in groups)])
    correct = [response.correct for _, steps in groups for response, _ in steps]
    row = np.array(rows, dtype=np.int64)
    prior = np.arange(len(groups), dtype=np.int64)
    return Indexed(starts, np.array(correct, dtype=np.float64), prior, row, row), tables


def _stacked(parameter: int, rows: Sequence[tuple[SkillEstimate, str | None]]) -> Floats:
    return np.array([estimate.column(parameter, key) for estimate, key in rows])
