"""One student, one response at a time: what is remembered, and how a response moves it.

`engine.beliefs` replays a history; here the same belief is carried along. An update is one step of
the filter, whether the response is the student's first or ten thousandth. Responses one by one, as
an array or in any split lead to the same state, and the state to the belief of the whole history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

import numpy as np

from .beliefs import SkillBelief, Step, evidence_level, following, intervals, tabulated
from .bundle import Bundle
from .contexts import Keys, Last, Record, keys_of, remembered
from .errors import InvalidInput
from .memory import REOPEN, recalled, review_due, state_at
from .parameters import FORGET, GUESS, LEARN, PRIOR, SLIP
from .responses import Response
from .states import DEVELOPING, ENOUGH_RESPONSES, SECURE, UNSEEN
from .stepping import begun, follow, learn_of, mastery, move
from .tables import Floats
from .tracing import p_correct, probability

NOTHING_YET = Record()


class SkillState(NamedTuple):
    """All that a student's responses to one skill leave behind.

    log_odds   [1 + draw] of mastery after the last response: of the estimate, then of its draws
    responses  how many there were
    secured    whether the skill was ever secure, and
    fell       whether mastery has fallen since then, so that it is due for review
    last       what the next response needs to know of the last one
    """

    log_odds: Floats
    responses: int
    secured: bool
    fell: bool
    last: Last

    @property
    def word(self) -> str:
        """The word for where the student stands, as in `engine.beliefs.SkillBelief`."""
        if self.responses < ENOUGH_RESPONSES:
            return "not_enough_evidence"
        if self.secured:
            return "review_due" if self.fell else "secure"
        return "developing" if probability(self.log_odds[0]) >= DEVELOPING else "emerging"


@dataclass(frozen=True)
class Following:
    """A student followed under one model; every update gives a new value.

    skills  the state of every skill practised
    record  the student's answers so far, in everything
    latest  when the last response was given, and its id: the next one must come after it

    >>> from datetime import UTC
    >>> from .parameters import SkillEstimate, SkillParameters
    >>> one = SkillParameters(0.5, 0.2, 0.0, 0.2, 0.1)
    >>> ratio = SkillEstimate(one, SkillParameters(*[0.0] * 5), np.zeros((5, 5)))
    >>> ana = Following(Bundle("classic", {"ratio": ratio}, ratio))
    >>> right = Response("e1", "ana", ("ratio",), 1.0, datetime(2026, 9, 1, tzinfo=UTC))
    >>> round(ana.expected(right), 4), round(ana.after(right).belief("ratio").p_mastery, 4)
    (0.55, 0.8182)
    """

    bundle: Bundle
    skills: Mapping[str, SkillState] = field(default_factory=dict)
    record: Record = NOTHING_YET
    latest: tuple[datetime, str] | None = None

    def __post_init__(self) -> None:
        if self.bundle.hierarchy is not None:
            expected = "a model whose skills are followed apart: `engine.together` follows others"
            raise InvalidInput.at("model", self.bundle.model, expected)

    def after(self, response: Response) -> Following:
        """The state once this response is known.

        Raises `InvalidInput` where the response does not come after the latest one, by
        (occurred_at, id): the history must be replayed then, as `engine.beliefs` does.
        """
        _check(self.latest, response)
        before = self.skills.get(response.skill)
        log_odds, keys = self._before(response)
        estimate, _ = self.bundle.estimate(response.skill)
        guess, slip = estimate.column(GUESS, keys.item), estimate.column(SLIP, keys.item)
        learn_of(log_odds, float(response.correct), guess, slip)
        last = remembered(response, self.record)
        state = _next(before, log_odds, probability(log_odds[0]), last)
        return replace(
            self,
            skills={**self.skills, response.skill: state},
            record=self.record.after(response.correct),
            latest=(response.occurred_at, response.id),
        )

    def after_all(self, responses: Iterable[Response]) -> Following:
        """The state once all these responses, oldest first, are known: skill by skill at once."""
        record, latest = self.record, self.latest
        last = {skill: state.last for skill, state in self.skills.items()}
        steps: dict[str, list[Step]] = {}
        for response in responses:
            _check(latest, response)
            skill = response.skill
            keys = keys_of(response, last.get(skill), record, self.bundle.contexts)
            steps.setdefault(skill, []).append((response, keys))
            last[skill] = remembered(response, record)
            record = record.after(response.correct)
            latest = (response.occurred_at, response.id)
        moved = {
            skill: self._after_steps(skill, those, last[skill]) for skill, those in steps.items()
        }
        return replace(self, skills={**self.skills, **moved}, record=record, latest=latest)

    def expected(self, response: Response) -> float:
        """P(correct) of a response before it is known; its `correct` is not looked at."""
        log_odds, keys = self._before(response)
        estimate, _ = self.bundle.estimate(response.skill)
        guess, slip = (estimate.column(p, keys.item)[0] for p in (GUESS, SLIP))
        return float(p_correct(log_odds[0], guess, slip))

    def belief(self, skill: str, *, at: datetime | None = None) -> SkillBelief:
        """What is believed of one skill: what `engine.beliefs` says of the whole history."""
        estimate, pooled = self.bundle.estimate(skill)
        state = self.skills.get(skill)
        named = self.record.named if self.bundle.contexts.priors else None
        known = mastery(state.log_odds) if state else estimate.column(PRIOR, named)
        low, high = intervals(known[None])[0].tolist()
        responses = state.responses if state else 0
        word = state.word if state else UNSEEN
        last = state.last if state else None
        contexts = self.bundle.contexts
        due = last and review_due(float(known[0]), word, last, estimate, contexts)
        now = recalled(float(known[0]), last, estimate, contexts, at=at) if last and at else None
        return SkillBelief(
            skill=skill,
            p_mastery=float(known[0]),
            low=low,
            high=high,
            n=responses,
            evidence=evidence_level(responses),
            state=state_at(word, due, at),
            p_correct=following(float(known[0]), estimate, last),
            last_at=last.occurred_at if last else None,
            review_due=due,
            model=self.bundle.version,
            pooled=pooled,
            p_now=now,
        )

    def _before(self, response: Response) -> tuple[Floats, Keys]:
        """Log-odds of mastery when the response begins, and the keys of the rows it reads."""
        state, skill = self.skills.get(response.skill), response.skill
        last = state.last if state else None
        keys = keys_of(response, last, self.record, self.bundle.contexts)
        estimate, _ = self.bundle.estimate(skill)
        if state is None:
            return begun(estimate.column(PRIOR, keys.prior)), keys
        log_odds = state.log_odds.copy()
        move(log_odds, estimate.column(LEARN, keys.learn), estimate.column(FORGET, keys.forget))
        return log_odds, keys

    def _after_steps(self, skill: str, steps: list[Step], last: Last) -> SkillState:
        """The state of one skill after some responses to it, taken as one array."""
        found = self.skills.get(skill)
        indexed, tables = tabulated([(self.bundle.estimate(skill)[0], steps)])
        log_odds = found.log_odds.copy() if found else np.empty(tables.columns)
        known = np.empty(len(steps))
        follow(log_odds, found is None, indexed, tables, known)
        for one in known.tolist():
            found = _next(found, log_odds, one, last)
        assert found is not None
        return found


def _check(latest: tuple[datetime, str] | None, response: Response) -> None:
    if latest is not None and (response.occurred_at, response.id) <= latest:
        found = f"{response.id} at {response.occurred_at.isoformat()}"
        expected = f"a response after {latest[1]} at {latest[0].isoformat()}"
        raise InvalidInput.at("response", found, expected)


def _next(before: SkillState | None, log_odds: Floats, known: float, last: Last) -> SkillState:
    """The state after a response that left P(mastered) at `known`."""
    responses, secured, fell = before[1:4] if before else (0, False, False)
    if responses + 1 >= ENOUGH_RESPONSES and known >= SECURE:
        secured, fell = True, False
    elif secured and known < REOPEN:
        fell = True
    return SkillState(log_odds, responses + 1, secured, fell, last)
