"""The score of an activity: a product of named factors, so that its log is a sum of reasons.

The factors of a skill say how much there is to gain from it; those of an activity say how well it
fits. The activity factors are judgement until logs show which activities teach. They are chosen so
that the order inside a skill is strict: another activity with questions comes before the one just
done, and that before one without questions, whatever their levels. So nothing comes first twice
in a row while the skill leaves a choice, and no student is kept where no answer can be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, fsum
from typing import NamedTuple

from .constraints import Option
from .curriculum import LEVELS
from .explanation import Code, Count, Reason, Share, Term, term
from .indices import read
from .outlook import EDGE, information
from .planning import GATE, LEAST
from .situation import Situation
from .tables import Floats
from .tasks import CHECKS, Task
from .tracing import log_odds_of

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


class Scored(NamedTuple):
    """An option with the terms of its log-score, and the score that they come to."""

    option: Option
    terms: tuple[Term, ...]
    score: float

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The terms in words."""
        return tuple(one.reason() for one in self.terms)


def scores(
    situation: Situation, options: Iterable[Option], weights: Weights = DEFAULT_WEIGHTS
) -> list[Scored]:
    """Each option with every term that speaks for or against it, at least three of them."""
    found: list[Scored] = []
    for task, mine in _by_task(options).items():
        of_skill, shares = tuple(_of_skill(situation, task, weights)), _shares(situation, task)
        alike: dict[FitKey, tuple[tuple[Term, ...], float]] = {}  # weighed once, not per activity
        for option in mine:
            fit = _fit(situation, option, shares)
            weighed = alike.get(fit)
            if weighed is None:
                terms = (*of_skill, *_of_activity(situation, task, Fit(*fit), weights))
                weighed = alike[fit] = terms, _product(terms)
            found.append(Scored(option, *weighed))
    return found


def worth(situation: Situation, task: Task, weights: Weights = DEFAULT_WEIGHTS) -> float:
    """What the task is worth before an activity is chosen; no activity of it scores more."""
    terms = list(_of_skill(situation, task, weights))
    shown = situation.curriculum.is_asked_about(task.skill) or has_seat(situation, task.skill)
    if not (_told_apart(situation, task) or shown):
        terms.append(_asks_nothing(situation, task, weights))
    return _product(terms)


def has_seat(situation: Situation, skill: str) -> bool:
    """Whether a seat is kept for the student in a workshop on the skill."""
    activities = situation.curriculum.activities
    return any(
        place.is_seated and skill in activities[place.activity].skills
        for place in situation.places.values()
    )


def _product(terms: Iterable[Term]) -> float:
    return exp(fsum([one.weight for one in terms]))


def _by_task(options: Iterable[Option]) -> dict[Task, list[Option]]:
    found: dict[Task, list[Option]] = {}
    for option in options:
        found.setdefault(option.task, []).append(option)
    return found


class Fit(NamedTuple):
    """All that an activity's own factors go by: those of one fit score alike for one task.

    asks   whether it asks about the very skill
    share  what it is worth of the best activity on the skill; None where the model cannot tell
    kind   its kind, where kinds are known to teach the student differently; else ""
    """

    level: str
    assesses: bool
    asks: bool
    done: bool
    is_last: bool
    is_seated: bool
    share: float | None
    kind: str


FitKey = tuple[str, bool, bool, bool, bool, bool, float | None, str]


def _fit(situation: Situation, option: Option, shares: Mapping[str, float] | None) -> FitKey:
    """The fields of a `Fit`: every activity has one, and hardly any needs it by name."""
    (skill, _), activity = option
    return (
        activity.level,
        activity.assesses,
        situation.curriculum.asks_about(activity, skill),
        activity.id in situation.done,
        activity.id == situation.last,
        situation.is_seated(activity),
        None if shares is None else shares[activity.id],
        activity.modality if situation.kinds else "",
    )


def _of_skill(situation: Situation, task: Task, weights: Weights) -> Iterator[Term]:
    yield _value(situation, task)
    yield _prerequisites(situation, task, weights)
    yield from _pace(situation, task)
    yield from _standing(situation, task, weights)


def follows_index(situation: Situation, task: Task) -> bool:
    """Whether the index says what the task is worth: the rule is in force, and it is to learn."""
    return situation.plan.follows_index and task.purpose not in CHECKS


def _of_activity(situation: Situation, task: Task, fit: Fit, weights: Weights) -> Iterator[Term]:
    yield _level(situation, task, fit, weights)
    yield from _kind(situation, task, fit, weights)
    if fit.kind and task.purpose not in CHECKS:
        yield _own_kind(situation, fit)
    yield from _novelty(fit, weights)


def _value(situation: Situation, task: Task) -> Term:
    """What one opportunity is worth: learning, or knowing, by the purpose."""
    skill, purpose = task
    facts = {"skill": situation.name(skill), "p": Share(situation.mastery(skill))}
    if purpose in CHECKS:
        p = situation.mastery(skill)
        if purpose == "diagnose":  # answers on other skills have told something too
            p = situation.over_graph.get(skill, p)
        bits = information(situation, skill, p)
        facts |= {"bits": bits, "p": Share(p)}
        return term(Code.INFORMATION, max(bits, LEAST_VALUE), facts)
    if situation.plan.follows_index:
        worth = exp(situation.terms.value[situation.plan.rows[skill]])
        return term(Code.INDEX, worth, {**facts, "gain": 100 * worth})
    before = situation.open_before(skill)
    code = Code.COURSE_ORDER if before else Code.COURSE_FIRST
    return term(code, 1.0 / (1.0 + before), {**facts, "count": Count(before)})


def _pace(situation: Situation, task: Task) -> Iterator[Term]:
    """The student's own speed, and what is left of it where the skill was just worked on."""
    if not follows_index(situation, task):
        return
    row = situation.plan.rows[task.skill]
    speed, low, high, answers = situation.pace
    p = min(max(situation.mastery(task.skill), LEAST), 1.0 - LEAST)
    own = read(situation.plan.tables[row], log_odds_of(p), speed) - situation.terms.value[row]
    if answers:
        facts = {"times": speed, "low": low, "high": high, "count": Count(answers)}
        yield term(Code.PACE, exp(own), facts)
    if situation.tiring.rate and situation.loads[row]:
        share = exp(-situation.tiring.rate * situation.loads[row])
        shown = {"skill": situation.name(task.skill), "share": Share(share)}
        yield term(Code.TIRES, exp(situation.terms.pace[row] - own), shown)


def _prerequisites(situation: Situation, task: Task, weights: Weights) -> Term:
    """Readiness: each prerequisite in doubt takes away its share."""
    skill = task.skill
    needed = situation.prerequisites(skill)
    facts: dict[str, object] = {"skill": situation.name(skill)}
    if not needed:
        return term(Code.NO_PREREQUISITES, 1.0, facts)
    weakest = min(needed, key=situation.mastery)
    facts |= {"other": situation.name(weakest), "p": Share(situation.mastery(weakest))}
    code = Code.PREREQUISITE_HELD if len(needed) == 1 else Code.PREREQUISITES_HELD
    if situation.mastery(weakest) < GATE:  # a diagnosis asks before that is settled
        code = Code.PREREQUISITES_UNSURE
    return term(code, max(_readiness(situation, task, needed, weights), LEAST_VALUE), facts)


def _readiness(situation: Situation, task: Task, needed: Iterable[str], weights: Weights) -> float:
    if task.purpose == "diagnose":
        return 1.0  # what an answer tells counts the doubt already
    if follows_index(situation, task):
        return exp(situation.terms.readiness[situation.plan.rows[task.skill]])
    found = 1.0
    for prerequisite in needed:
        found *= 1.0 - weights.prerequisite * (1.0 - situation.mastery(prerequisite))
    return found


def _standing(situation: Situation, task: Task, weights: Weights) -> Iterator[Term]:
    """What the skill means for the rest: a goal, other skills, what was earned before."""
    skill, purpose = task
    facts = {"skill": situation.name(skill), "p": Share(situation.mastery(skill))}
    if purpose == "review":
        code = Code.REVIEW_AHEAD if situation.is_secure(skill) else Code.REVIEW_DUE
        yield term(code, 1.0, {**facts, "p": Share(situation.recalled(skill))})
    goal, factor = _goal(situation, skill, weights)
    if goal:
        yield term(Code.TOWARDS_GOAL, factor, {"goal": goal})
    waiting = len(situation.unfinished_dependents(skill))
    if waiting and follows_index(situation, task):
        factor = exp(situation.terms.stakes[situation.plan.rows[skill]])
        yield term(Code.LEADS_ON, factor, {**facts, "count": Count(waiting), "times": factor})
    elif waiting and purpose != "diagnose" and situation.mastery(skill) < GATE:
        factor = 1.0 + weights.waiting * waiting
        yield term(Code.OPENS_UP, factor, {**facts, "count": Count(waiting)})


def _goal(situation: Situation, skill: str, weights: Weights) -> tuple[str, float]:
    """The goal, by name, that asks most for a skill, and its factor; "" where none does."""
    chosen, factor = situation.aim(skill)
    if skill in situation.path and weights.goal >= factor:
        return situation.name(situation.request.goal or skill), weights.goal
    return chosen, factor


def suitable_level(p_mastery: float) -> str:
    """The level of work that suits a mastery; more mastery never asks for easier work.

    >>> [suitable_level(p) for p in (0.2, 0.4, 0.8)]
    ['support', 'on-level', 'advanced']
    """
    support, on_level, advanced = LEVELS
    if p_mastery < SUPPORT_BELOW:
        return support
    return on_level if p_mastery < ADVANCED_FROM else advanced


def _level(situation: Situation, task: Task, fit: Fit, weights: Weights) -> Term:
    mastery = situation.mastery(task.skill)
    level, best = fit.level, suitable_level(mastery)
    facts = {"level": level, "best": best, "p": Share(mastery)}
    harder = _step(level) - _step(best)
    if harder == 0:
        return term(Code.LEVEL_MATCHES, 1.0, facts)
    code = Code.LEVEL_HARDER if harder > 0 else Code.LEVEL_EASIER
    factor = weights.one_level_off if abs(harder) == 1 else weights.two_levels_off
    return term(code, factor, facts)


def _step(level: str) -> int:
    """A level the catalogue does not explain counts as on level."""
    return LEVELS.index(level) if level in LEVELS else LEVELS.index("on-level")


def _kind(situation: Situation, task: Task, fit: Fit, weights: Weights) -> Iterator[Term]:
    checking = task.purpose in CHECKS
    if fit.share is not None:
        facts = {"skill": situation.name(task.skill), "share": Share(fit.share)}
        yield term(Code.TEACHES, fit.share, facts)
    elif not fit.asks and not fit.is_seated:
        yield _asks_nothing(situation, task, weights)
    if fit.is_seated:
        # held once: nobody is kept where no answer can be seen, so that it asks nothing may pass
        last = max((p for p in situation.places.values() if p.is_seated), key=lambda p: p.until)
        yield term(Code.SEAT_KEPT, 1.0, {"at": last.spoken(last.until)})
    if fit.assesses and not checking:
        yield term(Code.ONLY_CHECKS, weights.only_checks, {})
    if checking and not fit.assesses:
        yield term(Code.NOT_A_CHECK, weights.not_a_check, {})


def _own_kind(situation: Situation, fit: Fit) -> Term:
    """How well the kind teaches this student, beside the one that does best; so at most 1."""
    kinds = situation.kinds
    best = max(kinds.values(), key=lambda one: one.factor)
    most = max(1.0, best.factor)
    code, shown = Code.KIND_TEACHES, kinds.get(fit.kind)
    factor = (shown.factor if shown else 1.0) / most
    if shown is None:
        code, shown = Code.OTHER_KIND_TEACHES, best
    facts = {
        "kind": shown.kind,
        "times": shown.factor,
        "low": shown.low,
        "high": shown.high,
        "count": Count(shown.answers),
    }
    return term(code, factor, facts)


def _asks_nothing(situation: Situation, task: Task, weights: Weights) -> Term:
    return term(Code.ASKS_NOTHING, weights.asks_nothing, {"skill": situation.name(task.skill)})


def _told_apart(situation: Situation, task: Task) -> Mapping[str, Floats] | None:
    """What the logs say of each activity on the skill; None where the rule does not go by that."""
    return situation.plan.worth.get(task.skill) if follows_index(situation, task) else None


def _shares(situation: Situation, task: Task) -> dict[str, float] | None:
    """How each activity compares with the best one on its skill, by what the logs taught."""
    worth = _told_apart(situation, task)
    if worth is None:
        return None
    p = min(max(situation.mastery(task.skill), EDGE), 1.0 - EDGE)
    speed = situation.speed(task.skill)
    of_each = {one: read(table, log_odds_of(p), speed) for one, table in worth.items()}
    best = max(of_each.values(), default=0.0)
    return {one: exp(found - best) for one, found in of_each.items()}


def _novelty(fit: Fit, weights: Weights) -> Iterator[Term]:
    if fit.is_last:
        yield term(Code.JUST_DONE, weights.just_done, {})
    elif fit.done:
        yield term(Code.DONE_BEFORE, weights.done_before, {})
