"""A student's history as numbers: what every response knows of the past, and of nothing else.

Each covariate is one a teacher can read: how the recent answers went, on everything and on the
skill; how often the skill was practised; how long ago; whether the item was met before. All are
worked out from earlier responses alone, so a student's future changes none of them.
"""

from __future__ import annotations

from math import log, log1p
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .tables import Floats, Integers
from .touches import Touches, alone

Flags = NDArray[np.bool_]

COVARIATES = (
    "recent answers",
    "answers so far",
    "answers given",
    "wrong last on the skill",
    "wrong in a row on the skill",
    "answers since the skill",
    "item met before",
    "times the item was met",
    "item right before",
    "answers since the item",
    "same item again",
    "place in the session",
    "pause before",
)
"""Names of the columns of `Past.covariates`, in order. That answers on the skill itself were right
is left to the hidden state: as covariates they bought no accuracy on held-out training students,
and of those declared secure fewer answers were right."""
RECENT, SO_FAR = 0.8, 0.98
"""What an answer's weight is multiplied by with every answer after it: half-lives of 3 and 34."""
PSEUDO = 2.0
"""Average answers that stand before a student's first, so that few answers say little."""
SESSION_PAUSE = 1800.0
"""Seconds without an answer after which another session begins (half an hour)."""
NOBODY = -1


class History(NamedTuple):
    """Responses of students, one student after the other, each in the order it happened.

    starts   [student + 1] where each student begins
    skill    [event] the skill, or combination of skills, as a number
    item     [event] the item as a number, −1 where it is not known
    correct  [event] 0 to 1
    seconds  [event] clock time, NaN where there is none
    """

    starts: Integers
    skill: Integers
    item: Integers
    correct: Floats
    seconds: Floats


class Parts(NamedTuple):
    """The single skills of each skill: itself, or those that a combination joins.

    starts  [skill + 1] where each skill's parts begin
    part    [...] the single skills, as numbers
    """

    starts: Integers
    part: Integers

    @property
    def singles(self) -> int:
        """How many single skills there are at most."""
        return int(self.part.max(initial=-1)) + 1


class Past(NamedTuple):
    """What each response knows of the past.

    covariates   [event, covariate] in the order of `COVARIATES`
    before       [touch] the event before that touched the same skill, −1 if it is the first
    opportunity  [touch] events before that touched the skill
    between      [touch] answers to other skills since the skill's last
    pause        [touch] seconds since the skill's last, NaN where unknown
    """

    covariates: Floats
    before: Integers
    opportunity: Integers
    between: Integers
    pause: Floats


def past_of(history: History, parts: Parts, average: float, touches: Touches | None = None) -> Past:
    """The past of every response; `average` is the share of right answers to expect of anybody.
    Without `touches` every response touches its own skill alone.

    >>> two = History(np.array([0, 2]), np.array([0, 0]), np.array([3, 3]), np.ones(2),
    ...               np.array([0.0, 60.0]))
    >>> past = past_of(two, Parts(np.array([0, 1]), np.array([0])), 0.5)
    >>> past.before, past.pause, past.covariates[:, COVARIATES.index("same item again")]
    (array([-1,  0]), array([nan, 60.]), array([0., 1.]))
    """
    touches = touches or alone(history.starts, history.skill)
    size = len(touches.skill)
    found = Past(
        np.zeros((len(history.skill), len(COVARIATES))),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size, dtype=np.int64),
        np.empty(size),
    )
    skills = len(parts.starts) - 1
    items = int(history.item.max(initial=-1)) + 1
    _look_back(
        history, touches, parts, log(average / (1.0 - average)), average, skills, items, found
    )
    return found


@njit(cache=True, nogil=True)
def _log_odds(right: float, weight: float, average: float, centre: float) -> float:
    """Log-odds of a share of right answers, shrunk to the average, less the average's."""
    right, wrong = right + PSEUDO * average, weight - right + PSEUDO * (1.0 - average)
    return log(right / wrong) - centre


@njit(cache=True, nogil=True)
def _look_back(
    history: History,
    touches: Touches,
    parts: Parts,
    centre: float,
    average: float,
    skills: int,
    items: int,
    past: Past,
) -> None:
    last, times = np.full(skills, NOBODY), np.zeros(skills, dtype=np.int64)
    singles = parts.part.max() + 1 if len(parts.part) else 0
    part_last, wrong = np.full(singles, NOBODY), np.zeros(singles)
    item_last, met, went = np.full(items, NOBODY), np.zeros(items), np.zeros(items)
    for student in range(len(history.starts) - 1):
        first, stop = history.starts[student], history.starts[student + 1]
        recent = recent_weight = so_far = weight = 0.0
        session = first
        for event in range(first, stop):
            skill, item, correct = history.skill[event], history.item[event], history.correct[event]
            row = past.covariates[event]
            row[0] = _log_odds(recent, recent_weight, average, centre)
            row[1] = _log_odds(so_far, weight, average, centre)
            row[2] = log1p(event - first)
            begins, ends = parts.starts[skill], parts.starts[skill + 1]
            for at in range(begins, ends):
                part, share = parts.part[at], 1.0 / (ends - begins)
                row[3] += share * min(wrong[part], 1.0)
                row[4] += share * log1p(wrong[part])
                if part_last[part] >= 0:
                    row[5] += share * log1p(event - part_last[part])
                part_last[part] = event
                wrong[part] = 0.0 if correct > 0.5 else wrong[part] + 1.0
            if item >= 0:
                if item_last[item] >= 0:
                    row[6], row[7], row[8] = 1.0, log1p(met[item]), went[item]
                    row[9] = log1p(event - item_last[item])
                    row[10] = 1.0 if item_last[item] == event - 1 else 0.0
                item_last[item], met[item], went[item] = event, met[item] + 1.0, correct - 0.5
            if event > first:
                pause = history.seconds[event] - history.seconds[event - 1]
                session = event if pause > SESSION_PAUSE else session
                if pause >= 0.0:
                    row[11], row[12] = log1p(event - session), log1p(pause / 60.0)
            for touch in range(touches.responses[event], touches.responses[event + 1]):
                one = touches.skill[touch]
                _link(history, event, touch, last[one], times[one], past)
                last[one], times[one] = event, times[one] + 1
            recent, recent_weight = RECENT * recent + correct, RECENT * recent_weight + 1.0
            so_far, weight = SO_FAR * so_far + correct, SO_FAR * weight + 1.0
        for event in range(first, stop):  # the next student starts from nothing
            skill, item = history.skill[event], history.item[event]
            for touch in range(touches.responses[event], touches.responses[event + 1]):
                last[touches.skill[touch]], times[touches.skill[touch]] = NOBODY, 0
            for at in range(parts.starts[skill], parts.starts[skill + 1]):
                part_last[parts.part[at]], wrong[parts.part[at]] = NOBODY, 0.0
            if item >= 0:
                item_last[item], met[item], went[item] = NOBODY, 0.0, 0.0


@njit(cache=True, nogil=True)
def _link(history: History, event: int, touch: int, earlier: int, times: int, past: Past) -> None:
    """Ties an event to the one before that touched the same skill."""
    past.before[touch], past.opportunity[touch] = earlier, times
    past.between[touch] = event - earlier - 1 if earlier >= 0 else 0
    past.pause[touch] = (
        history.seconds[event] - history.seconds[earlier] if earlier >= 0 else np.nan
    )
