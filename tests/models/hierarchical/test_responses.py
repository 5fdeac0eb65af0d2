"""The layout of a table: whose responses lie where, and in which order."""

import numpy as np
import pandas as pd

from models.hierarchical.responses import gaps_of, laid_out

TABLE = pd.DataFrame(
    {
        "student": ["b", "a", "b", "a", "b"],
        "skill": ["y", "x", "x", "x", "y"],
        "item": ["i1", None, "i2", "i1", "i1"],
        "correct": [1, 0, 1, 1, 0],
        "time": [10.0, 5.0, 30.0, 1.0, 20.0],
    }
)


def test_history_is_in_time_order_and_chains_lie_together():
    laid = laid_out(TABLE, average=0.5, gaps="time")
    assert laid.order.tolist() == [0, 4, 2, 3, 1]
    assert laid.history.starts.tolist() == [0, 3, 5]
    assert laid.chains.students.tolist() == [0, 2, 3]
    chained = laid.order[laid.by_chain]
    assert TABLE["skill"].to_numpy()[chained].tolist() == ["x", "y", "y", "x", "x"]
    assert laid.chains.correct.tolist() == [1, 1, 0, 1, 0]


def test_an_unknown_item_reads_the_last_row():
    laid = laid_out(TABLE, average=0.5, gaps="time")
    assert laid.situations.item[-1] == len(laid.items) == 2
    alone = laid_out(TABLE, average=0.5, gaps="time", items=False)
    assert (alone.situations.item == 0).all()


def test_a_clock_counts_only_where_every_response_has_a_time():
    assert gaps_of(TABLE) == "time"
    assert gaps_of(TABLE.assign(time=[1.0, None, 2.0, 3.0, 4.0])) == "lag"
    lags = laid_out(TABLE, average=0.5, gaps="lag")
    assert np.isnan(lags.history.seconds).all()
