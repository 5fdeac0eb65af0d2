"""Items that came after the fit find their place from their first answers."""

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from models import BKT


def later(events):
    """The same students answer two new items afterwards: one everybody can do, one nobody can."""
    rows = []
    for student in events["student"].unique()[:20]:
        rows.append((student, "a", "easy", 1, 90_000.0))
        rows.append((student, "a", "hard", 0, 90_100.0))
    new = pd.DataFrame(rows, columns=["student", "skill", "item", "correct", "time"])
    return pd.concat([events, new], ignore_index=True)


def test_new_items_move_and_old_ones_stay(model, events):
    found = model.with_items(later(events))
    before, after = model.bundle.hierarchy, found.bundle.hierarchy
    ease = dict(zip(after.items, after.item, strict=True))
    assert ease["easy"] > 0.3 > -0.3 > ease["hard"]
    np.testing.assert_array_equal(after.item[: len(before.items)], before.item)
    assert (after.item_se[-2:] < before.item_spread).all()


def test_the_next_student_is_predicted_with_it_and_the_version_tells(model, events):
    found = model.with_items(later(events))
    asked = pd.DataFrame(
        {"student": "new", "skill": "a", "item": ["easy", "hard"], "correct": [1, 1], "time": 0.0}
    )
    alone = [found.predict(asked.iloc[[n]])[0] for n in range(2)]
    assert alone[0] > model.predict(asked.iloc[[0]])[0] > alone[1]
    assert found.bundle.version != model.bundle.version
    assert found.trace(asked)["pooled"].tolist() == [False, False]


def test_without_a_new_item_nothing_changes(model, events):
    assert model.with_items(events).bundle.version == model.bundle.version


def test_only_the_hierarchical_model_takes_new_items(events):
    plain = BKT().fit(events)
    with pytest.raises(InvalidInput, match="hierarchical"):
        plain.with_items(events)
