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


class Memory(NamedTuple):
    """What a student's responses leave behind for the covariates of the next, in place.

    fading      [4] right answers and their weight: of the recent ones, and of all so far
    numbers     [2] responses so far, and the number of the one that the session began with
    clock       [1] seconds of the last response, NaN before the first
    last, times, seconds    [skill] number of the last response that touched it, −1; how many did;
                            and when the last was given
    part_last, wrong        [single skill] likewise, and wrong answers in a row
    item_last, met, went    [item] likewise, how often it was met, how the last went less a half
    """

    fading: Floats
    numbers: Integers
    clock: Floats
    last: Integers
    times: Integers
    seconds: Floats
    part_last: Integers
    wrong: Floats
    item_last: Integers
    met: Floats
    went: Floats


def nothing_yet(skills: int, singles: int, items: int) -> Memory:
    """The memory of a student before any response."""
    return Memory(
        fading=np.zeros(4),
        numbers=np.zeros(2, dtype=np.int64),
        clock=np.full(1, np.nan),
        last=np.full(skills, NOBODY),
        times=np.zeros(skills, dtype=np.int64),
        seconds=np.full(skills, np.nan),
        part_last=np.full(singles, NOBODY),
        wrong=np.zeros(singles),
        item_last=np.full(items, NOBODY),
        met=np.zeros(items),
        went=np.zeros(items),
    )


def past_of(
    history: History,
    parts: Parts,
    average: float,
    touches: Touches | None = None,
    memory: Memory | None = None,
) -> Past:
    """The past of every response; `average` is the share of right answers to expect of anybody.
    Without `touches` every response touches its own skill alone. With a `memory`, of a student
    whose earlier responses are not in the history, that student goes on; it is moved along.

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
    if memory is None:
        items = int(history.item.max(initial=-1)) + 1
        memory = nothing_yet(len(parts.starts) - 1, parts.singles, items)
    _look_back(history, touches, parts, log(average / (1.0 - average)), average, memory, found)
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
    memory: Memory,
    past: Past,
) -> None:
    for student in range(len(history.starts) - 1):
        first, stop = history.starts[student], history.starts[student + 1]
        if student > 0:
            _forget(history, touches, parts, history.starts[student - 1], first, memory)
        for event in range(first, stop):
            row = past.covariates[event]
            _remember(history, parts, centre, average, memory, event, row)
            for touch in range(touches.responses[event], touches.responses[event + 1]):
                _link(history.seconds[event], event, touch, touches.skill[touch], memory, past)
            correct, fading = history.correct[event], memory.fading
            fading[0], fading[1] = RECENT * fading[0] + correct, RECENT * fading[1] + 1.0
            fading[2], fading[3] = SO_FAR * fading[2] + correct, SO_FAR * fading[3] + 1.0
            memory.clock[0] = history.seconds[event]
            memory.numbers[0] += 1


@njit(cache=True, nogil=True)
def _remember(
    history: History,
    parts: Parts,
    centre: float,
    average: float,
    memory: Memory,
    event: int,
    row: Floats,
) -> None:
    """The covariates of one response; item, single skills and session are remembered from it on."""
    skill, item, correct = history.skill[event], history.item[event], history.correct[event]
    number, fading = memory.numbers[0], memory.fading
    row[0] = _log_odds(fading[0], fading[1], average, centre)
    row[1] = _log_odds(fading[2], fading[3], average, centre)
    row[2] = log1p(number)
    begins, ends = parts.starts[skill], parts.starts[skill + 1]
    for at in range(begins, ends):
        part, share = parts.part[at], 1.0 / (ends - begins)
        row[3] += share * min(memory.wrong[part], 1.0)
        row[4] += share * log1p(memory.wrong[part])
        if memory.part_last[part] >= 0:
            row[5] += share * log1p(number - memory.part_last[part])
        memory.part_last[part] = number
        memory.wrong[part] = 0.0 if correct > 0.5 else memory.wrong[part] + 1.0
    if item >= 0:
        if memory.item_last[item] >= 0:
            row[6], row[7], row[8] = 1.0, log1p(memory.met[item]), memory.went[item]
            row[9] = log1p(number - memory.item_last[item])
            row[10] = 1.0 if memory.item_last[item] == number - 1 else 0.0
        memory.item_last[item], memory.went[item] = number, correct - 0.5
        memory.met[item] += 1.0
    if number > 0:
        pause = history.seconds[event] - memory.clock[0]
        if pause > SESSION_PAUSE:
            memory.numbers[1] = number
        if pause >= 0.0:
            row[11], row[12] = log1p(number - memory.numbers[1]), log1p(pause / 60.0)


@njit(cache=True, nogil=True)
def _link(seconds: float, event: int, touch: int, skill: int, memory: Memory, past: Past) -> None:
    """Ties an event to the one before that touched the same skill."""
    number, earlier = memory.numbers[0], memory.last[skill]
    since = number - earlier
    past.before[touch] = event - since if earlier >= 0 else NOBODY
    past.opportunity[touch] = memory.times[skill]
    past.between[touch] = since - 1 if earlier >= 0 else 0
    past.pause[touch] = seconds - memory.seconds[skill]
    memory.last[skill], memory.seconds[skill] = number, seconds
    memory.times[skill] += 1


@njit(cache=True, nogil=True)
def _forget(
    history: History, touches: Touches, parts: Parts, first: int, stop: int, memory: Memory
) -> None:
    """The next student starts from nothing: whatever these responses touched is forgotten."""
    for event in range(first, stop):
        skill, item = history.skill[event], history.item[event]
        for touch in range(touches.responses[event], touches.responses[event + 1]):
            one = touches.skill[touch]
            memory.last[one], memory.times[one], memory.seconds[one] = NOBODY, 0, np.nan
        for at in range(parts.starts[skill], parts.starts[skill + 1]):
            memory.part_last[parts.part[at]], memory.wrong[parts.part[at]] = NOBODY, 0.0
        if item >= 0:
            memory.item_last[item], memory.met[item], memory.went[item] = NOBODY, 0.0, 0.0
    memory.fading[:] = 0.0
    memory.numbers[:] = 0
    memory.clock[0] = np.nan
