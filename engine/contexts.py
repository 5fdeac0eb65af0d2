"""What a response's parameters depend on beside its skill: the key of the row it reads.

    prior   the student's record so far        KT-PPS, Pardos & Heffernan (2010)
    learn   the activity just done, or the     resources, Pardos & Heffernan (2010);
            order of two items                 item order, Pardos & Heffernan (2009)
    forget  the time since the last practice   Qiu et al. (2011)
    guess,  the item                           KT-IDEM, Pardos & Heffernan (2011)
    slip

Every key is known before the answer is. A key is a text; None where there is nothing to go by.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from .responses import Response
from .tables import Floats, Integers

TIME, LAG = "time", "lag"


@dataclass(frozen=True, slots=True)
class Contexts:
    """Which parameters depend on more than the skill.

    items      guess and slip: on the item
    resources  learn: on the activity just done
    order      learn: on the item just done and the item to come
    priors     prior: on the student's record in everything answered before
    gaps       forget: on the time since the skill was last practised ("time"), or on how many
               other answers lie between ("lag", for data without a clock); "": on neither
    """

    items: bool = False
    resources: bool = False
    order: bool = False
    priors: bool = False
    gaps: str = ""


SKILL_ALONE = Contexts()

RECORD_CLASSES = ("new", "weak", "middling", "strong")
WEAK_BELOW, STRONG_FROM = 0.55, 0.75
"""Shares of right answers, one right and one wrong added, that part the classes of records: about
the lower and upper quarter of first meetings with a skill in ASSISTments 2009 (training split)."""

GAP_CLASSES = ("minute", "ten minutes", "hour", "day", "week", "month", "longer")
GAP_LIMITS = np.array([60.0, 600.0, 3600.0, 86_400.0, 7 * 86_400.0, 30 * 86_400.0])  # seconds
LAG_CLASSES = ("at once", "1-2 between", "3-9 between", "10-29 between", "30 or more between")
LAG_LIMITS = np.array([1.0, 3.0, 10.0, 30.0])  # answers to other skills


def record_classes(right: Floats, answered: Floats) -> Integers:
    """The class of a record of so many right answers out of so many, as an index.

    >>> [RECORD_CLASSES[c] for c in record_classes(np.array([0, 1, 3]), np.array([0, 4, 3]))]
    ['new', 'weak', 'strong']
    """
    share = (np.asarray(right) + 1.0) / (np.asarray(answered) + 2.0)
    known = 1 + (share >= WEAK_BELOW).astype(np.int64) + (share >= STRONG_FROM)
    return np.where(np.asarray(answered) > 0, known, 0)


def gap_classes(seconds: Floats) -> Integers:
    """The class of the time since the last practice, as an index: up to a minute, an hour, …

    >>> [GAP_CLASSES[c] for c in gap_classes(np.array([0.0, 61.0, 90_000.0]))]
    ['minute', 'ten minutes', 'week']
    """
    return np.searchsorted(GAP_LIMITS, seconds, side="left").astype(np.int64)


def lag_classes(between: Integers) -> Integers:
    """The class of a number of answers to other skills in between, as an index.

    >>> [LAG_CLASSES[c] for c in lag_classes(np.array([0, 2, 30]))]
    ['at once', '1-2 between', '30 or more between']
    """
    return np.searchsorted(LAG_LIMITS, between, side="right").astype(np.int64)


def pair_key(before: str | None, after: str | None) -> str | None:
    """The key of one item following another.

    >>> pair_key("a", "b"), pair_key(None, "b")
    ('["a", "b"]', None)
    """
    if before is None or after is None:
        return None
    return json.dumps([before, after], ensure_ascii=False)


def joined_key(activity: str | None, pair: str | None) -> str | None:
    """The key of learning that depends on both an activity and an order of items."""
    if activity is None or pair is None:
        return None
    return json.dumps([activity, *json.loads(pair)], ensure_ascii=False)


class Keys(NamedTuple):
    """The keys of one response; `learn` and `forget` are those of the step that led to it."""

    prior: str | None = None
    learn: str | None = None
    forget: str | None = None
    item: str | None = None


class Last(NamedTuple):
    """What is remembered of the response before on the same skill, for the keys of the next."""

    item: str | None
    activity: str | None
    occurred_at: datetime
    number: int  # of the response in the student's whole history


class Record(NamedTuple):
    """A student's answers so far, in everything."""

    right: float = 0.0
    answered: int = 0

    def after(self, correct: float) -> Record:
        return Record(self.right + correct, self.answered + 1)

    @property
    def named(self) -> str:
        """The class of the record.

        >>> Record(right=3.0, answered=3).named
        'strong'
        """
        found = record_classes(np.array([self.right]), np.array([self.answered]))
        return RECORD_CLASSES[found[0]]


NO_KEYS = Keys()


def keys_of(response: Response, last: Last | None, record: Record, contexts: Contexts) -> Keys:
    """The keys of a response, from what came before it.

    >>> from datetime import datetime, timezone
    >>> one = Response("e", "ana", ("x",), 1.0, datetime(2026, 9, 1, tzinfo=timezone.utc), "i7")
    >>> keys_of(one, None, Record(), Contexts(items=True, priors=True))
    Keys(prior='new', learn=None, forget=None, item='i7')
    """
    item = response.item if contexts.items else None
    if last is None:
        return Keys(prior=record.named if contexts.priors else None, item=item)
    return Keys(
        learn=_learn_key(response, last, contexts),
        forget=_forget_key(response, last, record, contexts),
        item=item,
    )


def _learn_key(response: Response, last: Last, contexts: Contexts) -> str | None:
    pair = pair_key(last.item, response.item)
    if contexts.resources:
        return joined_key(last.activity, pair) if contexts.order else last.activity
    return pair if contexts.order else None


def _forget_key(response: Response, last: Last, record: Record, contexts: Contexts) -> str | None:
    if contexts.gaps == TIME:
        seconds = (response.occurred_at - last.occurred_at).total_seconds()
        return GAP_CLASSES[gap_classes(np.array([seconds]))[0]]
    if contexts.gaps == LAG:
        between = record.answered - last.number - 1
        return LAG_CLASSES[lag_classes(np.array([between]))[0]]
    return None


def remembered(response: Response, record: Record) -> Last:
    """What the next response on the same skill needs to know; `record` is that before it."""
    return Last(response.item, response.activity, response.occurred_at, record.answered)


def keyed(responses: Iterable[Response], contexts: Contexts) -> Iterator[tuple[Response, Keys]]:
    """Each response of one student, oldest first, with its keys."""
    if contexts == SKILL_ALONE:
        yield from ((response, NO_KEYS) for response in responses)
        return
    record, last = Record(), dict[str, Last]()
    for response in responses:
        yield response, keys_of(response, last.get(response.skill), record, contexts)
        last[response.skill] = remembered(response, record)
        record = record.after(response.correct)
