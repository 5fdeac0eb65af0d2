"""Which skill came just before and how it went, against a slow look at the response before."""

import numpy as np

from engine.history import History
from engine.pairs import pairs_of


def history(skill, correct, starts):
    events = len(skill)
    return History(
        starts=np.array(starts),
        skill=np.array(skill, dtype=np.int64),
        item=np.full(events, -1),
        correct=np.array(correct, dtype=float),
        seconds=np.full(events, np.nan),
    )


def drawn(seed=0, events=60):
    rng = np.random.default_rng(seed)
    return history(rng.integers(0, 4, events), rng.integers(0, 2, events), [0, 20, 20, events])


def test_every_response_has_the_pair_of_the_one_before_and_a_first_one_none():
    one = drawn()
    pairs, pair = pairs_of(one)
    for event in range(60):
        if event in (0, 20):
            assert pair[event] == len(pairs)
        else:
            before = [one.skill[event - 1], one.skill[event], one.correct[event - 1]]
            assert pairs[pair[event]].tolist() == before


def test_pairs_are_there_once_and_rise():
    pairs, _ = pairs_of(drawn())
    assert [tuple(row) for row in pairs.tolist()] == sorted({tuple(row) for row in pairs.tolist()})


def test_the_answer_itself_and_later_ones_change_no_pair():
    one = drawn()
    other = one._replace(correct=np.where(np.arange(60) >= 30, 1.0 - one.correct, one.correct))
    (pairs, pair), (others, changed) = pairs_of(one), pairs_of(other)
    for event in [*range(1, 20), *range(21, 31)]:
        assert pairs[pair[event]].tolist() == others[changed[event]].tolist()


def test_of_no_responses_there_are_no_pairs():
    pairs, pair = pairs_of(history([], [], [0]))
    assert pairs.shape == (0, 3)
    assert len(pair) == 0
