"""What scikit-learn asks of an estimator: options in, options out, a fresh copy on demand."""

import pandas as pd
import pytest

from engine.errors import InvalidInput
from models import BKT

CHANGED = {"items": True, "gaps": True, "map": False, "bounds": {"guess": (0.0, 0.3)}, "seed": 3}


def copied(model):
    """What `sklearn.base.clone` does: the class again, with the options it tells of itself."""
    return type(model)(**model.get_params(deep=False))


def test_a_copy_has_the_options_and_nothing_of_the_fit(events):
    model = BKT(**CHANGED).fit(events)
    again = copied(model)
    assert again.get_params() == model.get_params()
    assert all(again.get_params()[name] is value for name, value in CHANGED.items())
    with pytest.raises(InvalidInput, match="not fitted"):
        _ = again.params


def test_scikit_learn_itself_copies_it(events):
    base = pytest.importorskip("sklearn.base", reason="scikit-learn is not installed")
    model = BKT(**CHANGED).fit(events)
    assert base.clone(model).get_params() == model.get_params()


def test_options_can_be_set_by_name_and_unknown_ones_are_refused():
    assert BKT().set_params(items=True, restarts=3).get_params()["restarts"] == 3
    with pytest.raises(InvalidInput, match="colour"):
        BKT().set_params(colour="red")


@pytest.mark.parametrize("options", [{}, {"items": True}, {"gaps": True, "priors": True}])
def test_neither_fit_nor_trace_changes_the_callers_table(events, options):
    before = events.copy(deep=True)
    BKT(**options).fit(events).trace(events, smoothed=True)
    pd.testing.assert_frame_equal(events, before)


@pytest.mark.parametrize("options", [{}, {"items": True}, {"forgets": True, "map": False}])
def test_the_same_options_and_table_give_the_same_bundle(events, options):
    one, other = (BKT(**options, seed=5, restarts=12).fit(events).bundle for _ in range(2))
    assert one.version == other.version
