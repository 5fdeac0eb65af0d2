"""One student's skills followed together, through the ability that they share.

An answer to one skill moves the ability and so every other skill, practised or not: a new student
starts from the population, a known one starts a new skill from where the other skills put the
ability. Numbers only; `engine.beliefs` puts them in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np

from .ability import Rates, Standing, grid, standing
from .contexts import TIME
from .doubt import BINS, follow_intervals, middle
from .effects import Effects, Situations, rates_of, situations_of
from .hierarchy import Hierarchy, parts_of
from .history import Flags, History, Memory, Past, past_of
from .pairs import pairs_of
from .responses import Response
from .tables import Floats, Integers
from .touches import Touches, decided, touches_of, with_singles
from .tracing import Traced

NO_ITEM = -1


class Joint(NamedTuple):
    """What is known of one student: of every skill asked for, [skill], and of every response.

    mastery, low, high  P(mastered) given all responses, and its 90 % interval
    p_correct           P(next answer correct) soon after the last response, on an unknown item
    predicted           [response] P(correct) before it
    touches             the skills that every response touches, as numbers; a single skill beyond
                        those asked for has a number after theirs
    trail               [touch] P(mastered) after the response
    """

    mastery: Floats
    low: Floats
    high: Floats
    p_correct: Floats
    predicted: Floats
    touches: Touches
    trail: Floats


def joint(responses: Sequence[Response], hierarchy: Hierarchy, skills: Sequence[str]) -> Joint:
    """Follows one student; `responses` in order, `skills` at least those practised."""
    return joint_of(Known(responses, hierarchy, skills))


def joint_of(known: Known) -> Joint:
    """The same of one whose responses were read before."""
    stand, traced = known.standing(0)
    mastery = known.mastered(stand, known.effects(0)) @ stand.nodes
    low, high = _intervals(known)
    return Joint(
        mastery=mastery,
        low=np.minimum(low, mastery),
        high=np.maximum(high, mastery),
        p_correct=_next(known, stand),
        predicted=traced.p_correct,
        touches=known.touches,
        trail=traced.p_mastery,
    )


def trail_intervals(
    responses: Sequence[Response], hierarchy: Hierarchy, skills: Sequence[str]
) -> tuple[Floats, Floats]:
    """The 90 % interval of P(mastered) after every response, [touch] as in `Joint.trail`."""
    known = Known(responses, hierarchy, skills)
    history = known.history
    sets = [known.rates(number) for number in range(1, hierarchy.sets)] or [known.rates(0)]
    return follow_intervals(
        known.touches,
        history.correct,
        sets,
        nodes=hierarchy.nodes,
        drift=hierarchy.drift,
    )


class Begun(Protocol):
    """What is remembered of a student's earlier responses."""

    @property
    def previous(self) -> tuple[str, bool] | None:
        """The skill of the last response, and whether it was right."""
        ...

    def memory(self, skills: Sequence[str], items: Sequence[str]) -> Memory:
        """What is remembered of these skills and items, in this order; to be moved along."""
        ...


class Known:
    """One student's responses as the filter reads them.

    A student may have `begun` before these responses: then what is remembered of the earlier ones
    is moved along. `skills` are those asked for, and after them others that are met.
    """

    def __init__(
        self,
        responses: Sequence[Response],
        hierarchy: Hierarchy,
        skills: Sequence[str],
        begun: Begun | None = None,
    ) -> None:
        self.hierarchy, self.asked, combining = hierarchy, len(skills), hierarchy.combining
        before = None if begun is None else begun.previous
        skills = tuple(dict.fromkeys([*skills, *([before[0]] if before else [])]))
        self.skills = skills = skills if combining.apart else with_singles(skills)
        number = {name: i for i, name in enumerate(skills)}
        numbered: dict[str, int] = {}
        self.history = History(
            starts=np.array([0, len(responses)]),
            skill=np.array([number[one.skill] for one in responses], dtype=np.int64),
            item=np.array([_number(one.item, numbered) for one in responses], dtype=np.int64),
            correct=np.array([one.correct for one in responses], dtype=np.float64),
            seconds=_seconds([one.occurred_at for one in responses], hierarchy.gaps),
        )
        self.items = list(numbered)
        self.rows, self.places = hierarchy.rows(skills), hierarchy.places(self.items)
        self.parts = parts_of(skills)
        self.memory = None if begun is None else begun.memory(self.skills, self.items)
        self.touches = self.touched(self.history.skill)
        self.coming = self.touched(np.arange(self.asked))
        self.past = past_of(self.history, self.parts, hierarchy.average, self.touches, self.memory)
        met, pair = pairs_of(self.history)
        self.last = (number[before[0]], before[1]) if before else None
        first, coming = self._pairs_after(self.last, self.history.skill[:1]), self._next_pairs()
        self.pairs = np.concatenate([met, first, coming])
        self.orders = hierarchy.orders(self.rows, self.pairs)
        pair = np.where(pair < len(met), pair, len(self.pairs))
        pair[: len(first)] = len(met)
        self.situations = self._situations(self.history, self.past, pair, self.touches)

    def touched(self, skill: Integers) -> Touches:
        """What responses to these skills, all of the one student, touch."""
        bounds = np.array([0, len(skill)])
        return touches_of(bounds, skill, self.skills, self.hierarchy.combining)

    def effects(self, number: int) -> Effects:
        return self.hierarchy.effects_at(
            number, self.skills, rows=self.rows, places=self.places, orders=self.orders
        )

    def rates(self, number: int) -> Rates:
        return rates_of(self.effects(number), self.situations)

    def standing(self, number: int) -> tuple[Standing, Traced]:
        history, hierarchy = self.history, self.hierarchy
        return standing(
            self.touches,
            history.correct,
            self.rates(number),
            nodes=hierarchy.nodes,
            drift=hierarchy.drift,
        )

    def following(self, skill: int) -> Situations:
        """The situation of one more response, to a skill, soon after the last."""
        history, memory = self.history, deepcopy(self.memory)
        seconds = history.seconds[-1:] if len(history.seconds) else np.full(1, np.nan)
        if memory is not None:  # which holds the responses of the history already
            history, seconds = _nobody(), memory.clock.copy()
        longer = History(
            starts=history.starts + np.array([0, 1]),
            skill=np.append(history.skill, skill),
            item=np.append(history.item, NO_ITEM),
            correct=np.append(history.correct, 0.0),
            seconds=np.append(history.seconds, seconds),
        )
        touches = self.touched(longer.skill)
        past = past_of(longer, self.parts, self.hierarchy.average, touches, memory)
        pair = np.full(len(longer.skill), self.next_pair(skill))
        coming = slice(touches.responses[-2], None)
        return self._situations(longer, past, pair, touches).at(coming)

    def next_pair(self, skill: int) -> int:
        """The row of the pair that the last response forms with one more, to a skill."""
        none = self.last is None and len(self.history.skill) == 0
        return len(self.pairs) - (0 if none else len(self.skills) - skill)

    def _next_pairs(self) -> Integers:
        """The pairs that the last response forms with any skill, [skill or none, 3]."""
        last = self.last
        if len(self.history.skill):
            last = int(self.history.skill[-1]), bool(self.history.correct[-1] > 0.5)
        return self._pairs_after(last, np.arange(len(self.skills)))

    def _pairs_after(self, last: tuple[int, bool] | None, now: Integers) -> Integers:
        """The pairs that a response, if there was one, forms with skills, [pair, 3]."""
        if last is None:
            return np.empty((0, 3), dtype=np.int64)
        before, right = np.broadcast_to(np.array(last, dtype=np.int64)[:, None], (2, len(now)))
        return np.stack([before, now, right], axis=1)

    def _situations(
        self, history: History, past: Past, pair: Integers, touches: Touches
    ) -> Situations:
        return situations_of(
            history,
            past,
            self.hierarchy.gaps,
            items=len(self.items),
            pair=pair,
            pairs=len(self.pairs),
            touches=touches,
        )

    def given(self, stand: Standing, effects: Effects) -> Floats:
        """P(mastered) of every skill given each node, [skill, node]; of one not met, its prior."""
        abilities, _ = grid(self.hierarchy.nodes)
        logits = effects.skill[:, :1] + effects.loadings[:, :1] * abilities
        found = _sigmoid(logits)
        found[stand.skills] = stand.mastered
        return found

    def mastered(self, stand: Standing, effects: Effects) -> Floats:
        """P(what an answer takes is mastered) of every skill asked for, [skill, node]."""
        return decided(self.coming, self.given(stand, effects)[self.coming.skill])


def _nobody() -> History:
    """One student's history without any response."""
    none, nothing = np.empty(0, dtype=np.int64), np.empty(0)
    return History(np.zeros(2, dtype=np.int64), none, none, nothing, nothing)


def _number(item: str | None, numbered: dict[str, int]) -> int:
    return NO_ITEM if item is None else numbered.setdefault(item, len(numbered))


def _seconds(times: Sequence[datetime], gaps: str) -> Floats:
    if gaps != TIME:
        return np.full(len(times), np.nan)
    return np.array([time.timestamp() for time in times], dtype=np.float64)


def _intervals(known: Known) -> tuple[Floats, Floats]:
    """The middle 90 % of P(mastered | node), over draws and over nodes as likely as they are."""
    counted = np.zeros((known.asked, BINS))
    rows = np.arange(known.asked)[:, None]
    hierarchy = known.hierarchy
    for number in range(1, hierarchy.sets) if hierarchy.sets > 1 else (0,):
        stand, _ = known.standing(number)
        given = known.mastered(stand, known.effects(number))
        bins = np.minimum((given * BINS).astype(np.int64), BINS - 1)
        np.add.at(counted, (np.broadcast_to(rows, bins.shape), bins), stand.nodes)
    low, high = np.array([middle(one) for one in counted]).reshape(-1, 2).T
    return low, high


def _next(known: Known, stand: Standing) -> Floats:
    """P(correct) of one more response to every skill asked for, [skill]."""
    if known.asked == 0:
        return np.empty(0)
    effects, touches = known.effects(0), known.coming
    abilities, _ = grid(known.hierarchy.nodes)
    met = np.zeros(len(known.skills), dtype=np.bool_)
    met[stand.skills] = True
    rates = rates_of(effects, _situations(known, met))
    tilt = effects.loadings[touches.skill, :, None] * abilities
    learn, forget = _tilted(rates.learn, tilt[:, 1]), _tilted(rates.forget, tilt[:, 2])
    given = known.given(stand, effects)[touches.skill]
    moved = given * (1.0 - forget) + (1.0 - given) * learn
    k = decided(touches, np.where(met[touches.skill, None], moved, given))
    guess, right = _tilted(rates.guess, tilt[:, 3]), _tilted(rates.known, tilt[:, 4])
    lead = touches.lead
    return np.asarray((k * right[lead] + (1.0 - k) * guess[lead]) @ stand.nodes)


def _situations(known: Known, met: Flags) -> Situations:
    """The situation of one more response to each skill asked for, [touch]."""
    touches, found, fresh = known.coming, [], None
    for skill in range(known.asked):
        touched = touches.skill[touches.responses[skill] : touches.responses[skill + 1]]
        if len(touched) == 1 and not met[skill]:
            # one not met, by itself, is as any other
            fresh = fresh or known.following(skill)
            found.append(_of(fresh, skill, known))
        else:
            found.append(known.following(skill))
    return Situations(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _of(situation: Situations, skill: int, known: Known) -> Situations:
    """The same situation of another skill that was not practised either."""
    return situation._replace(skill=np.array([skill]), pair=np.array([known.next_pair(skill)]))


def _tilted(logits: Floats, tilt: Floats) -> Floats:
    """Rates at every ability, [skill, node]."""
    return _sigmoid(logits[:, None] + tilt)


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))))
