"""Words for where a student stands, and many skills followed in one go."""

import numpy as np
import pytest

from engine.states import STATES, state_of, trace_ends
from engine.tables import Indexed, Tables
from engine.tracing import interval, trace_columns


@pytest.mark.parametrize(
    ("mastered", "word"),
    [
        ([], "unseen"),
        ([0.99, 0.99], "not_enough_evidence"),
        ([0.1, 0.2, 0.3], "emerging"),
        ([0.1, 0.2, 0.5], "developing"),
        ([0.1, 0.2, 0.95], "secure"),
        ([0.99, 0.99, 0.94], "developing"),  # two answers are not enough to have been secure
        ([0.5, 0.9, 0.96, 0.90], "secure"),
        ([0.5, 0.9, 0.96, 0.89, 0.94], "review_due"),
        ([0.5, 0.9, 0.96, 0.2, 0.95], "secure"),
    ],
)
def test_a_trail_of_mastery_is_put_in_a_word(mastered: list[float], word: str) -> None:
    assert STATES[state_of(np.array(mastered, dtype=np.float64))] == word


def test_sequences_end_where_each_would_on_its_own() -> None:
    rng = np.random.default_rng(0)
    tables = Tables(*rng.uniform(0.1, 0.4, (5, 4, 41)))
    starts = np.array([0, 1, 4, 30])
    rows = rng.integers(4, size=(2, 30))
    correct = (rng.random(30) < 0.7).astype(np.float64)
    indexed = Indexed(starts, correct, np.array([2, 0, 1]), *rows)
    ends = trace_ends(indexed, tables)
    for sequence in range(3):
        _, known = trace_columns(indexed, tables, sequence)
        low, high = interval(known[-1, 1:])
        assert ends.mastery[sequence] == known[-1, 0]
        assert ends.low[sequence] == min(low, known[-1, 0])
        assert ends.high[sequence] == max(high, known[-1, 0])
        assert ends.state[sequence] == state_of(known[:, 0])
