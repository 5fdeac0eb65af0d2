"""The score of an activity: a product of named factors, so that its log is a sum of reasons.

The factors of a skill say how much there is to gain from it; those of an activity say how well it
fits. The activity factors are judgement until logs show which activities teach. They are chosen so
that the order inside a skill is strict: another activity with questions comes before the one just
done, and that before one without questions, whatever their levels. So nothing comes first twice
in a row while the skill leaves a choice, and no student is kept where no answer can be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, fsum

from .constraints import Option
from .curriculum import LEVELS
from .explanation import Code, Count, Reason, Share, note, term
from .outlook import expected_gain, information
from .situation import Situation

SUPPORT_BELOW, ADVANCED_FROM = 0.40, 0.80
"""Mastery at which an activity of the next level begins to suit: judgement."""
LEAST_VALUE = 1e-6  # keeps the log finite where nothing more can be gained


@dataclass(frozen=True, slots=True)
class Weights:
    """The factors of the score that are judgement, each moving its own term only.

    goal           a skill on the way to the goal (three times: measured on simulated students)
    waiting        more for every skill in scope that waits for this one
    prerequisite   what a missing prerequisite takes away (before data say otherwise)
    one_level_off, two_levels_off   an activity easier or harder than suits
    asks_nothing   no question on the skill alone, so nothing is learnt about the student
    only_checks    a check, while there is still something to learn
    not_a_check    an exercise, where a check was wanted
    done_before, just_done   an activity answered before, or answered last
    """

    goal: float = 3.0
    waiting: float = 0.1
    prerequisite: float = 0.6
    one_level_off: float = 0.6
    two_levels_off: float = 0.4
    asks_nothing: float = 0.02
    only_checks: float = 0.5
    not_a_check: float = 0.5
    done_before: float = 0.8
    just_done: float = 0.15


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Scored:
    """An option with the terms of its log-score."""

    option: Option
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        return exp(fsum(reason.weight for reason in self.reasons))


def score(situation: Situation, option: Option, weights: Weights = DEFAULT_WEIGHTS) -> Scored:
    """The option with every reason that speaks for or against it, at least three of them."""
    terms = [
        _value(situation, option),
        _prerequisites(situation, option, weights),
        *_standing(situation, option, weights),
        _level(situation, option, weights),
        *_kind(situation, option, weights),
        *_novelty(situation, option, weights),
    ]
    return Scored(option, tuple(terms))


def _value(situation: Situation, option: Option) -> Reason:
    """What one opportunity is worth: learning, or knowing, by the purpose."""
    skill = option.task.skill
    facts = {"skill": situation.name(skill), "p": Share(situation.mastery(skill))}
    if option.task.purpose in ("assess", "diagnose"):
        bits = information(situation, skill)
        return term(Code.INFORMATION, max(bits, LEAST_VALUE), {**facts, "bits": bits})
    gain = expected_gain(situation, skill)
    return term(Code.EXPECTED_GAIN, max(gain, LEAST_VALUE), {**facts, "gain": 100 * gain})


def _prerequisites(situation: Situation, option: Option, weights: Weights) -> Reason:
    """Readiness: each prerequisite in doubt takes away its share."""
    skill = option.task.skill
    needed = situation.curriculum.skills[skill].prerequisites
    facts: dict[str, object] = {"skill": situation.name(skill)}
    if not needed:
        return note(Code.NO_PREREQUISITES, facts)
    readiness = 1.0
    for prerequisite in needed:
        readiness *= 1.0 - weights.prerequisite * (1.0 - situation.mastery(prerequisite))
    weakest = min(needed, key=situation.mastery)
    facts |= {"other": situation.name(weakest), "p": Share(situation.mastery(weakest))}
    return term(Code.PREREQUISITES_HELD, max(readiness, LEAST_VALUE), facts)


def _standing(situation: Situation, option: Option, weights: Weights) -> Iterator[Reason]:
    """What the skill means for the rest: a goal, other skills, what was earned before."""
    skill, purpose = option.task
    facts = {"skill": situation.name(skill), "p": Share(situation.mastery(skill))}
    if purpose == "review":
        yield note(Code.REVIEW_DUE, facts)
    if skill in situation.path:
        goal = situation.request.goal or skill
        yield term(Code.TOWARDS_GOAL, weights.goal, {"goal": situation.name(goal)})
    waiting = len(situation.waiting_for(skill))
    if waiting:
        factor = 1.0 + weights.waiting * waiting
        yield term(Code.OPENS_UP, factor, {**facts, "count": Count(waiting)})


def suitable_level(p_mastery: float) -> str:
    """The level of work that suits a mastery; more mastery never asks for easier work.

    >>> [suitable_level(p) for p in (0.2, 0.4, 0.8)]
    ['support', 'on-level', 'advanced']
    """
    support, on_level, advanced = LEVELS
    if p_mastery < SUPPORT_BELOW:
        return support
    return on_level if p_mastery < ADVANCED_FROM else advanced


def _level(situation: Situation, option: Option, weights: Weights) -> Reason:
    mastery = situation.mastery(option.task.skill)
    level, best = option.activity.level, suitable_level(mastery)
    facts = {"level": level, "best": best, "p": Share(mastery)}
    harder = _step(level) - _step(best)
    if harder == 0:
        return note(Code.LEVEL_MATCHES, facts)
    code = Code.LEVEL_HARDER if harder > 0 else Code.LEVEL_EASIER
    factor = weights.one_level_off if abs(harder) == 1 else weights.two_levels_off
    return term(code, factor, facts)


def _step(level: str) -> int:
    """A level the catalogue does not explain counts as on level."""
    return LEVELS.index(level) if level in LEVELS else LEVELS.index("on-level")


def _kind(situation: Situation, option: Option, weights: Weights) -> Iterator[Reason]:
    activity, checking = option.activity, option.task.purpose in ("assess", "diagnose")
    if not situation.asks_about(activity, option.task.skill):
        facts = {"skill": situation.name(option.task.skill)}
        yield term(Code.ASKS_NOTHING, weights.asks_nothing, facts)
    if activity.assesses and not checking:
        yield term(Code.ONLY_CHECKS, weights.only_checks, {})
    if checking and not activity.assesses:
        yield term(Code.NOT_A_CHECK, weights.not_a_check, {})


def _novelty(situation: Situation, option: Option, weights: Weights) -> Iterator[Reason]:
    activity = option.activity.id
    if activity == situation.last:
        yield term(Code.JUST_DONE, weights.just_done, {})
    elif activity in situation.done:
        yield term(Code.DONE_BEFORE, weights.done_before, {})
