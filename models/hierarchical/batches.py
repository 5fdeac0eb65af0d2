"""Some of the students: their chains and situations, as if there were no others."""

from __future__ import annotations

import numpy as np

from engine.effects import Situations
from engine.tables import Integers

from .chains import Chains


def of_students(
    chains: Chains, chained: Situations, students: Integers
) -> tuple[Chains, Situations]:
    """The chains and situations of the students numbered, in that order."""
    of_chain = _ranges(chains.students, students)
    of_event = _ranges(chains.starts, of_chain)
    own = Chains(
        students=_starts(np.diff(chains.students)[students]),
        starts=_starts(np.diff(chains.starts)[of_chain]),
        correct=chains.correct[of_event],
        skill=chains.skill[of_chain],
        share=chains.share[of_event],
        visits=chains.visits[of_event],
        whose=chains.whose[of_event],
        opens=chains.opens[of_event],
        all_needed=chains.all_needed,
    )
    return own, chained.at(of_event)


def _starts(sizes: Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _ranges(starts: Integers, which: Integers) -> Integers:
    """The numbers from where each begins to where it ends, one after the other."""
    sizes = np.diff(starts)[which]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.asarray(np.repeat(starts[which], sizes) + within, dtype=np.int64)
