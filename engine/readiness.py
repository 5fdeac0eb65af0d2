"""“I am ready”: how likely a check would be passed, from when it is offered, how far that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, comb

from .beliefs import SkillBelief
from .curriculum import Curriculum
from .parameters import SkillParameters
from .states import DEVELOPING, ENOUGH_RESPONSES
from .tracing import condition, log_odds_of, predict, probability

QUESTIONS = 5
"""Questions of a check where the curriculum has none for the skill."""
PASS_SHARE = 0.7
"""Share of right answers that passes a check: judgement, the mark that schools know."""
BAR = 0.70
"""P(pass) from which a check is offered: with .2 guessed and .1 slipped, mastery of about .8."""
OF_A_MASTER = 0.9
"""Or, if that is less, this share of the chance of somebody who has surely mastered the skill: a
check that even they often fail is not held against anybody."""
FARTHEST = 30
EDGE = 1e-12


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a check on one skill would go.

    questions, needed   how many it asks, and how many right answers pass it
    p_pass, bar         the chance to pass now, and that from which it is offered
    ready               whether it is offered
    answers_to_go       right answers in a row until it would be; None: not within 30
    """

    skill: str
    questions: int
    needed: int
    p_pass: float
    bar: float
    ready: bool
    answers_to_go: int | None


def p_pass(p_mastery: float, parameters: SkillParameters, *, questions: int, needed: int) -> float:
    """P(at least so many of so many answers are right), with nothing learnt between them.

    Given mastery, answers are independent: two binomials, mixed by P(mastered).

    >>> one = SkillParameters(0.3, 0.2, 0.0, guess=0.2, slip=0.1)
    >>> round(p_pass(1.0, one, questions=2, needed=2), 4)
    0.81
    """
    _, _, _, guess, slip = parameters
    mastered = _at_least(needed, questions, 1.0 - slip)
    return p_mastery * mastered + (1.0 - p_mastery) * _at_least(needed, questions, guess)


def bar(parameters: SkillParameters, *, questions: int, needed: int) -> float:
    """The P(pass) from which a check is offered."""
    surely = p_pass(1.0, parameters, questions=questions, needed=needed)
    return min(BAR, OF_A_MASTER * surely)


@lru_cache(maxsize=4096)
def least_mastery(parameters: SkillParameters, questions: int = QUESTIONS) -> float:
    """The mastery from which a check is offered: there P(pass) reaches its bar; never below a half.

    >>> round(least_mastery(SkillParameters(0.3, 0.2, 0.0, guess=0.2, slip=0.1)), 3)
    0.76
    """
    needed = ceil(PASS_SHARE * questions)
    surely = p_pass(1.0, parameters, questions=questions, needed=needed)
    guessed = p_pass(0.0, parameters, questions=questions, needed=needed)
    if surely <= guessed:  # answers that tell nothing: mastery alone has to do
        return BAR
    least = (bar(parameters, questions=questions, needed=needed) - guessed) / (surely - guessed)
    return max(DEVELOPING, least)


def check_length(curriculum: Curriculum, skill: str) -> int:
    """How many questions a check on the skill asks: those of the longest that there is."""
    asking = (len(check.items) for check in curriculum.checks_for(skill) if check.items)
    return max(asking, default=QUESTIONS)


def readiness(
    belief: SkillBelief, parameters: SkillParameters, *, questions: int = QUESTIONS
) -> Readiness:
    """How a check would go now, with enough answers to go by as a condition of its own."""
    needed = ceil(PASS_SHARE * questions)
    enough = least_mastery(parameters, questions)
    chance = p_pass(belief.counted, parameters, questions=questions, needed=needed)
    least = p_pass(enough, parameters, questions=questions, needed=needed)
    missing = max(0, ENOUGH_RESPONSES - belief.n)
    ready = belief.counted >= enough and not missing
    further = 0 if ready else _answers(belief, parameters, enough, missing)
    return Readiness(belief.skill, questions, needed, chance, least, ready, further)


def _answers(
    belief: SkillBelief, parameters: SkillParameters, enough: float, missing: int
) -> int | None:
    """Right answers in a row until the check is offered, by running the filter ahead."""
    _, learn, forget, guess, slip = parameters
    state = log_odds_of(min(max(belief.counted, EDGE), 1.0 - EDGE))
    for count in range(1, FARTHEST + 1):
        if belief.n + count > 1:
            state = predict(state, learn, forget)
        state = condition(state, 1.0, guess, slip)
        if probability(state) >= enough and count >= missing:
            return count
    return None


def _at_least(needed: int, questions: int, p: float) -> float:
    """P(at least `needed` successes of a binomial)."""
    chances = range(needed, questions + 1)
    return sum(comb(questions, k) * p**k * (1.0 - p) ** (questions - k) for k in chances)
