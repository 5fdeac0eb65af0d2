"""The race, against a stand-in for the peer that answers as the real one does."""

from models import BKT
from training.benchmarks.fitting import race


def plain(events):
    return BKT(map=False).fit(events).bundle


def test_each_side_fits_in_turn_and_one_judge_compares_them(python, responses):
    found = race(responses, plain, python=python, repeats=3)
    assert len(found.ours.seconds) == len(found.peer.seconds) == 3
    assert (found.skills, found.skills_at_least_as_high) == (1, 1)
    assert found.worst_difference > 0
    assert found.ratio == found.peer.median / found.ours.median
    assert found.ratios[0] <= found.ratio <= found.ratios[-1]
    assert found.far_off == 1
    assert found.steepness < 1e-3
