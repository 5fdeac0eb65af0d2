"""Which skills a response touches, and with what share."""

import numpy as np
import pytest

from engine.deciding import decisive
from engine.touches import COMBININGS, Combining, decided, touches_of, with_singles

KNOWN = np.array([0.3, 0.6, 0.8])
SKILLS = with_singles(["a~~b", "a"])


@pytest.mark.parametrize("name", COMBININGS)
def test_shares_of_a_response_add_up_to_one(name):
    found = touches_of(np.array([0, 2]), np.array([0, 1]), SKILLS, COMBININGS[name])
    np.testing.assert_allclose(np.add.reduceat(found.share, found.lead), 1.0)
    assert found.skill[found.lead].tolist() == [0, 1]


def test_apart_a_combination_touches_itself_alone():
    found = touches_of(np.array([0, 1]), np.array([0]), SKILLS, COMBININGS["apart"])
    assert found.skill.tolist() == [0]


@pytest.mark.parametrize("all_needed", [True, False])
def test_decided_is_decisive_of_every_response(all_needed):
    combining = Combining(0.4, all_needed)
    found = touches_of(np.array([0, 2]), np.array([0, 1]), SKILLS, combining)
    known = np.append(KNOWN, 0.7)[:, None]
    several = decisive(np.array([0.4, 0.3, 0.3]), all_needed, KNOWN)
    np.testing.assert_allclose(decided(found, known)[:, 0], [several, 0.7])


def test_nothing_decides_nothing():
    none = touches_of(np.array([0, 0]), np.array([], dtype=int), SKILLS, COMBININGS["shared"])
    assert decided(none, np.empty((0, 3))).shape == (0, 3)
