"""Chance as a pure function: the same student and decision number draw the same numbers.

A counter-based hash instead of a generator with a hidden state, so that a decision can be replayed
bit for bit on any machine, in any order, long after it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b, shake_128

import numpy as np
from numpy.typing import NDArray

DRAW_BITS = 53  # the digits a double holds: every draw is exact, and below 1


@dataclass(frozen=True, slots=True)
class Chance:
    """The uniform numbers that belong to one decision about one student.

    >>> chance = Chance("ana", 7)
    >>> chance.uniform("explore") == Chance("ana", 7).uniform("explore")
    True
    >>> chance.uniform("explore") == Chance("ana", 8).uniform("explore")
    False
    """

    student: str
    decision: int

    def uniform(self, purpose: str) -> float:
        """A number in [0, 1) for one purpose; different purposes draw independently."""
        parts = (self.student, str(self.decision), purpose)
        # lengths first, so that ("a", "b1") and ("ab", "1") cannot hash alike
        text = "".join(f"{len(part)}:{part}" for part in parts)
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return (int.from_bytes(digest, "big") >> (64 - DRAW_BITS)) / (1 << DRAW_BITS)


def shuffled(count: int, *, seed: int, purpose: str) -> NDArray[np.int64]:
    """The numbers below `count` in an order that belongs to one seed and purpose.

    >>> sorted(shuffled(4, seed=1, purpose="seats").tolist())
    [0, 1, 2, 3]
    >>> (shuffled(40, seed=1, purpose="a") == shuffled(40, seed=1, purpose="b")).all()
    np.False_
    """
    digits = shake_128(f"{seed}:{purpose}".encode()).digest(8 * count)
    return np.argsort(np.frombuffer(digits, np.uint64), kind="stable")
