"""What a teacher put first: served before everything the policy would choose, until it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .constraints import Option, impossible_now
from .explanation import Code, Reason, note, term
from .overrides import Override
from .ranking import DEFAULT_WEIGHTS, Scored, Weights, scores
from .situation import Situation
from .slate import Served
from .tasks import Task


def pins_first(
    situation: Situation,
    served: Sequence[Served],
    *,
    n: int,
    weights: Weights = DEFAULT_WEIGHTS,
) -> list[Served]:
    """The same slate with what is pinned before it, the newest pin first, n in all.

    A pin wins over the gate, the state of the skill and the kinds asked for. What cannot be done
    now (too little time, no teacher, ruled out by the request) stays out. The first is then there
    by a teacher's word and not by chance: its propensity is 1.
    """
    first = [scored for pin in _open_pins(situation) for scored in _best(situation, pin, weights)]
    once = {scored.option.activity.id: scored for scored in reversed(first)}
    if not once:
        return list(served)
    pinned = [Served(s, 0.0) for s in sorted(once.values(), key=first.index)]
    rest = [s._replace(propensity=0.0) for s in served if s.scored.option.activity.id not in once]
    whole = [*pinned, *rest][:n]
    return [whole[0]._replace(propensity=1.0), *whole[1:]]


def notes_on_overrides(situation: Situation) -> tuple[Reason, ...]:
    """What became of overrides that are not simply followed: pins that cannot be served now, and
    those that a newer one contradicts."""
    return (*_waiting_pins(situation), *_displaced(situation))


def _open_pins(situation: Situation) -> Iterator[Override]:
    yield from (pin for pin in situation.rulings.pins if not _is_done(situation, pin))


def _is_done(situation: Situation, pin: Override) -> bool:
    """A pinned activity is done once answered since; a pinned skill once secure by answers since.

    So a skill that was secure before is pinned for one more answer at least.
    """
    since = [r for r in situation.history if r.occurred_at >= pin.said_at]
    if pin.activity is not None:
        return any(response.activity == pin.activity for response in since)
    skill = pin.skill or ""
    return situation.is_secure(skill) and any(skill in response.skills for response in since)


def _best(situation: Situation, pin: Override, weights: Weights) -> list[Scored]:
    """The best that can be done now about a pin, saying that it is pinned; empty if nothing can."""
    possible = [one for one in _options(situation, pin) if not impossible_now(situation, one)]
    best = sorted(scores(situation, possible, weights), key=_order)[:1]
    return [s._replace(terms=(*s.terms, term(Code.PINNED, 1.0, {}))) for s in best]


def _options(situation: Situation, pin: Override) -> list[Option]:
    curriculum = situation.curriculum
    if pin.activity is not None:
        activity = curriculum.activities[pin.activity]
        return [
            Option(_task(situation, skill), activity) for skill in dict.fromkeys(activity.skills)
        ]
    skill = pin.skill or ""
    found = curriculum.activities_for(skill)
    return [Option(_task(situation, skill), activity) for activity in found]


def _task(situation: Situation, skill: str) -> Task:
    """The skill with the purpose that suits where it stands, or the one asked for."""
    intent = situation.request.intent
    if intent in ("assess", "diagnose"):
        return Task(skill, intent)
    state = situation.beliefs[skill].state
    return Task(skill, {"review_due": "review", "secure": "practice"}.get(state, "learn"))


def _order(scored: Scored) -> tuple[float, str]:
    return -scored.score, scored.option.activity.id


def _waiting_pins(situation: Situation) -> Iterator[Reason]:
    for pin in _open_pins(situation):
        options = _options(situation, pin)
        if all(impossible_now(situation, option) for option in options):
            yield note(Code.PIN_NOT_NOW, {"what": _what(situation, pin)})


def _displaced(situation: Situation) -> Iterator[Reason]:
    for older, _newer in situation.rulings.displaced:
        yield note(Code.NEWER_WORD, {"what": _what(situation, older)})


def _what(situation: Situation, override: Override) -> str:
    """What an override is about, by name."""
    curriculum = situation.curriculum
    if override.activity is not None:
        return curriculum.activities[override.activity].name or override.activity
    if override.objective is not None:
        return curriculum.objectives[override.objective].name or override.objective
    return situation.name(override.skill or "")
