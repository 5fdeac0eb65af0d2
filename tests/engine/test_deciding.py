"""What an answer says of each skill it touches, against enumeration of all states."""

from itertools import product

import numpy as np
import pytest

from engine.deciding import answered, decisive

KNOWN = np.array([0.3, 0.6, 0.8])
RIGHT = {True: 0.9, False: 0.25}


def enumerated(shares, all_needed, correct):
    """P(answer) and P(mastered, answer) of each skill, over all states and whichever decides."""
    total, mastered = 0.0, np.zeros(len(KNOWN))
    for states in product([True, False], repeat=len(KNOWN)):
        p = np.prod(np.where(states, KNOWN, 1.0 - KNOWN))
        if all_needed:
            deciding = [(1.0, all(s for s, share in zip(states, shares, strict=True) if share))]
        else:
            deciding = list(zip(shares, states, strict=True))
        for chance, state in deciding:
            seen = p * chance * (RIGHT[state] if correct else 1.0 - RIGHT[state])
            total += seen
            mastered += seen * np.array(states)
    return total, mastered / total


@pytest.mark.parametrize("correct", [True, False])
@pytest.mark.parametrize("all_needed", [True, False])
@pytest.mark.parametrize("shares", [(0.5, 0.25, 0.25), (0.0, 0.5, 0.5)])
def test_an_answer_moves_every_skill_as_enumeration_says(shares, all_needed, correct):
    known, unknown = KNOWN.copy(), 1.0 - KNOWN
    in_known, in_unknown = (RIGHT[s] if correct else 1.0 - RIGHT[s] for s in (True, False))
    seen = answered(in_known, in_unknown, np.array(shares), all_needed, known, unknown, np.empty(3))
    p, mastered = enumerated(shares, all_needed, correct)
    assert seen == pytest.approx(p, abs=1e-14)
    np.testing.assert_allclose(known, mastered, atol=1e-14)
    np.testing.assert_allclose(known + unknown, 1.0, atol=1e-14)


def test_what_an_answer_takes_is_a_mean_or_all_of_it():
    shares = np.array([0.5, 0.25, 0.25])
    assert decisive(shares, False, KNOWN) == pytest.approx(0.5)
    assert decisive(shares, True, KNOWN) == pytest.approx(0.3 * 0.6 * 0.8)
    assert decisive(np.array([0.0, 0.5, 0.5]), True, KNOWN) == pytest.approx(0.6 * 0.8)
