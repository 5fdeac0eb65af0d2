"""The E-step: expected counts and log-likelihood of many parameter sets at once, on the trie.

LANES parameter sets run side by side through the same pass (`models.words`): they share every index
and branch, so restarts, line searches and finite differences cost little more than one evaluation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import get_num_threads, njit, prange
from numba.np.ufunc.parallel import get_thread_id
from numpy.typing import NDArray

from engine.tables import Floats, Integers

from .lanes import LANES
from .trie import Tries, words_of
from .words import STEM_ROOM, WORD_ROOM, begun, end, go_back, hear


class Expected(NamedTuple):
    """What one pass finds for every skill and lane.

    log_likelihood  [skill, lane]
    counts          [skill, lane, parameter, 2] expected times each of (prior, learn, forget,
                    guess, slip) happened, and did not
    """

    log_likelihood: Floats
    counts: Floats


def scratch_for(tries: Tries) -> Floats:
    """Room for passes over these tries, [thread, numbers]: small enough to stay in the cache."""
    words = words_of(tries.longest, len(tries.answers))
    needed = words * WORD_ROOM + np.diff(tries.stem_starts) * STEM_ROOM
    return np.empty((get_num_threads(), int(needed.max(initial=0))))


def expect(tries: Tries, which: Integers, parameters: Floats, scratch: Floats) -> Expected:
    """Expected counts under `parameters`, shape [len(which), LANES, 5], for the skills `which`.

    >>> import pandas as pd
    >>> from .sequences import sequences_of
    >>> from .trie import tries_of
    >>> table = pd.DataFrame({"student": ["a"], "skill": ["x"], "correct": [1]})
    >>> tries = tries_of(sequences_of(table))
    >>> one = np.tile([0.5, 0.2, 0.0, 0.2, 0.1], (1, LANES, 1))
    >>> found = expect(tries, np.array([0]), one, scratch_for(tries))
    >>> float(np.exp(found.log_likelihood[0, 0])).__round__(12)
    0.55
    """
    log_likelihood = np.zeros((len(which), LANES))
    counts = np.zeros((len(which), 10 * LANES))
    by_parameter = np.ascontiguousarray(parameters.transpose(0, 2, 1)).reshape(len(which), -1)
    _expect(tries, which, by_parameter, scratch, log_likelihood, counts)
    return Expected(log_likelihood, counts.reshape(len(which), 5, 2, LANES).transpose(0, 3, 1, 2))


@njit(cache=True, parallel=True, nogil=True)
def _expect(
    tries: Tries,
    which: Integers,
    parameters: Floats,
    scratch: Floats,
    log_likelihood: Floats,
    counts: Floats,
) -> None:
    for job in prange(len(which)):
        own = parameters[job]
        at = begun(tries, which[job], own, scratch[get_thread_id()], log_likelihood[job])
        end(at, tries.tip_word, tries.ending, log_likelihood[job])
        go_back(at, own, counts[job])
        hear(at, tries.answers, own, counts[job])


def lost(tries: Tries, parameters: Floats, scratch: Floats) -> NDArray[np.bool_]:
    """Which skills have a state that a pass under `parameters` [skill, 5] gives up, [skill]."""
    found = np.zeros(len(parameters), dtype=np.bool_)
    _lost(tries, np.repeat(parameters, LANES, axis=1), scratch, found)
    return found


@njit(cache=True, parallel=True, nogil=True)
def _lost(tries: Tries, parameters: Floats, scratch: Floats, found: NDArray[np.bool_]) -> None:
    for skill in prange(len(found)):
        room = scratch[get_thread_id()]
        under = begun(tries, skill, parameters[skill], room, np.empty(LANES))
        for stem in range(1, len(under.parent)):
            k, u = under.stems[stem * STEM_ROOM], under.stems[stem * STEM_ROOM + LANES]
            found[skill] |= k == 0.0 or u == 0.0
