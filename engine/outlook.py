"""What the next answers would do to a belief, by running the filter ahead of them."""

from __future__ import annotations

from math import log2

from .beliefs import SkillBelief
from .explanation import Code, Count, Share, sentence
from .parameters import SkillParameters
from .planning import GATE
from .situation import Situation
from .states import ENOUGH_RESPONSES, SECURE
from .tasks import Task, ready_from
from .tracing import condition, log_odds_of, p_correct, predict, probability

FARTHEST = 30  # answers looked ahead: further than any student would be asked to go
EDGE = 1e-12
"""A belief rounded to 0 or 1 is taken this far inside, so that evidence can still move it."""


def expected_gain(situation: Situation, skill: str) -> float:
    """How far one opportunity to learn should raise P(mastered); never negative.

    An answer alone moves P(mastered) up or down but not on average, so the gain is the learning.
    """
    learn = situation.parameters(skill).learn
    state = _log_odds(situation.recalled(skill))
    return max(0.0, probability(predict(state, learn, 0.0)) - probability(state))


def information(situation: Situation, skill: str, p_mastery: float) -> float:
    """How many bits of the doubt about mastery one answer should remove.

    An answer depends on nothing but its own skill, so it tells no more about all skills together.
    """
    _, _, _, guess, slip = situation.parameters(skill)
    state = _log_odds(p_mastery)
    right = p_correct(state, guess, slip)
    after = right * _doubt(condition(state, 1.0, guess, slip))
    after += (1.0 - right) * _doubt(condition(state, 0.0, guess, slip))
    return max(0.0, _doubt(state) - after)


def answers_until(
    belief: SkillBelief, parameters: SkillParameters, *, bar: float, correct: bool, least: int = 1
) -> int | None:
    """How many answers in a row, all right or all wrong, until mastery is across the bar.

    Right answers must reach the bar, wrong ones fall below it; `least` answers it takes anyway.
    None: not within 30 answers.
    """
    _, learn, forget, guess, slip = parameters
    state = _log_odds(belief.p_mastery)
    practised = belief.n > 0
    for count in range(1, FARTHEST + 1):
        if practised:
            state = predict(state, learn, forget)
        state = condition(state, float(correct), guess, slip)
        practised = True
        if count >= least and (probability(state) >= bar) == correct:
            return count
    return None


def would_change(situation: Situation, task: Task, others: list[str]) -> str:
    """One sentence: what would change this recommendation, found by looking ahead.

    `others` are the further skills that could be worked on now, the best first.
    """
    if situation.beliefs[task.skill].override is not None:
        return sentence(Code.TEACHER_SAID, {"skill": situation.name(task.skill)})
    if task.purpose == "diagnose":
        return _until_known(situation, task.skill)
    if task.purpose == "assess":
        return _until_back(situation, task.skill)
    if task.purpose == "review":
        return _until(situation, task.skill, SECURE, Code.WOULD_SECURE)
    return _until_next(situation, task.skill, others)


def _until_next(situation: Situation, skill: str, others: list[str]) -> str:
    opened = [s for s in situation.waiting_for(skill) if situation.missing(s) == [skill]]
    if opened:
        return _until(situation, skill, GATE, Code.WOULD_OPEN, other=opened[0])
    if others:
        return _until(situation, skill, SECURE, Code.WOULD_MOVE_ON, other=others[0])
    alone = all(s == skill or situation.is_secure(s) for s in situation.scope)
    return _until(situation, skill, SECURE, Code.WOULD_FINISH if alone else Code.WOULD_SECURE)


def _until(situation: Situation, skill: str, bar: float, code: Code, *, other: str = "") -> str:
    """The sentence of a code with the number of right answers that it takes."""
    belief = situation.beliefs[skill]
    # secure also wants enough answers; an open gate does not
    least = max(1, ENOUGH_RESPONSES - belief.n) if bar == SECURE else 1
    parameters = situation.parameters(skill)
    count = answers_until(belief, parameters, bar=bar, correct=True, least=least)
    facts = {"skill": situation.name(skill), "other": situation.name(other)}
    if count is None:
        return sentence(Code.NOTHING_WOULD_CHANGE, {**facts, "count": Count(FARTHEST)})
    return sentence(code, {**facts, "count": Count(count)})


def _until_known(situation: Situation, skill: str) -> str:
    count = Count(ENOUGH_RESPONSES - situation.beliefs[skill].n)
    return sentence(Code.WOULD_BE_KNOWN, {"skill": situation.name(skill), "count": count})


def _until_back(situation: Situation, skill: str) -> str:
    belief, parameters = situation.beliefs[skill], situation.parameters(skill)
    bar = ready_from(situation, skill)
    count = answers_until(belief, parameters, bar=bar, correct=False)
    code = Code.WOULD_NOT_FALL_BACK if count is None else Code.WOULD_FALL_BACK
    facts = {"skill": situation.name(skill), "bar": Share(bar), "count": Count(count or FARTHEST)}
    return sentence(code, facts)


def _log_odds(p: float) -> float:
    return log_odds_of(min(max(p, EDGE), 1.0 - EDGE))


def _doubt(log_odds: float) -> float:
    """Entropy of mastery, in bits."""
    return sum(-p * log2(p) for p in (probability(log_odds), probability(-log_odds)) if p > 0.0)
