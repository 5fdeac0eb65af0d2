"""One student's skills followed together, through the ability that they share.

An answer to one skill moves the ability and so every other skill, practised or not: a new student
starts from the population, a known one starts a new skill from where the other skills put the
ability. Numbers only; `engine.beliefs` puts them in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from .ability import Rates, Standing, grid, standing
from .contexts import TIME
from .doubt import BINS, follow_intervals, middle
from .effects import Effects, Situations, rates_of, situations_of
from .hierarchy import Hierarchy, parts_of
from .history import Flags, History, Past, past_of
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
    known = _Known(responses, hierarchy, skills)
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
    known = _Known(responses, hierarchy, skills)
    history = known.history
    sets = [known.rates(number) for number in range(1, hierarchy.sets)] or [known.rates(0)]
    return follow_intervals(
        known.touches,
        history.correct,
        sets,
        nodes=hierarchy.nodes,
        drift=hierarchy.drift,
    )


class _Known:
    """One student's responses as the filter reads them."""

    def __init__(
        self, responses: Sequence[Response], hierarchy: Hierarchy, skills: Sequence[str]
    ) -> None:
        self.hierarchy, self.asked, combining = hierarchy, len(skills), hierarchy.combining
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
        self.touches = self.touched(self.history.skill)
        self.coming = self.touched(np.arange(self.asked))
        self.past = past_of(self.history, self.parts, hierarchy.average, self.touches)
        met, pair = pairs_of(self.history)
        self.pairs = np.concatenate([met, self._next_pairs()])
        self.orders = hierarchy.orders(self.rows, self.pairs)
        pair = np.where(pair < len(met), pair, len(self.pairs))
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
        history = self.history
        seconds = history.seconds[-1:] if len(history.seconds) else np.full(1, np.nan)
        longer = History(
            starts=history.starts + np.array([0, 1]),
            skill=np.append(history.skill, skill),
            item=np.append(history.item, NO_ITEM),
            correct=np.append(history.correct, 0.0),
            seconds=np.append(history.seconds, seconds),
        )
        touches = self.touched(longer.skill)
        past = past_of(longer, self.parts, self.hierarchy.average, touches)
        pair = np.append(self.situations.pair[self.touches.lead], self.next_pair(skill))
        coming = slice(len(self.touches.skill), None)
        return self._situations(longer, past, pair, touches).at(coming)

    def next_pair(self, skill: int) -> int:
        """The row of the pair that the last response forms with one more, to a skill."""
        return len(self.pairs) - (len(self.skills) - skill if len(self.history.skill) else 0)

    def _next_pairs(self) -> Integers:
        """The pairs that the last response forms with any skill, [skill or none, 3]."""
        last = np.stack([self.history.skill, self.history.correct > 0.5], axis=1)[-1:]
        now = np.arange(len(self.skills) * len(last))
        before, right = np.broadcast_to(last, (len(now), 2)).T
        return np.stack([before, now, right], axis=1).astype(np.int64)

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


def _number(item: str | None, numbered: dict[str, int]) -> int:
    return NO_ITEM if item is None else numbered.setdefault(item, len(numbered))


def _seconds(times: Sequence[datetime], gaps: str) -> Floats:
    if gaps != TIME:
        return np.full(len(times), np.nan)
    return np.array([time.timestamp() for time in times], dtype=np.float64)


def _intervals(known: _Known) -> tuple[Floats, Floats]:
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


def _next(known: _Known, stand: Standing) -> Floats:
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


def _situations(known: _Known, met: Flags) -> Situations:
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


def _of(situation: Situations, skill: int, known: _Known) -> Situations:
    """The same situation of another skill that was not practised either."""
    return situation._replace(skill=np.array([skill]), pair=np.array([known.next_pair(skill)]))


def _tilted(logits: Floats, tilt: Floats) -> Floats:
    """Rates at every ability, [skill, node]."""
    return _sigmoid(logits[:, None] + tilt)


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))))
