"""The race of items: our own side, asked in a process of its own."""

import numpy as np

from training.benchmarks.items import _log_likelihood
from training.benchmarks.peer import ourselves
from training.benchmarks.worlds import skill_of_items


def test_our_side_answers_with_its_items_and_the_judge_agrees_with_it():
    responses = skill_of_items(2_000, items=5)
    with ourselves(responses) as us:
        found = us.fit(seed=0, options={"items": True})
        alone = us.fit(seed=0)
    assert len(found.items["one skill"]) == 5
    assert found.seconds > 0
    with_items, without = (_log_likelihood(responses, one) for one in (found, alone))
    assert np.isfinite(with_items)
    assert with_items > without
