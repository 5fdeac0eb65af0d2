"""`trellis models place`: new items in the log find their place and are served."""

import numpy as np
import pandas as pd
import pytest

from models.bundles import read_bundle

COLUMNS = ["student", "skill", "item", "correct"]


@pytest.fixture
def answers(tmp_path):
    """Two files: what the model is fitted on, and that with a new item that nobody gets right."""
    rng = np.random.default_rng(0)
    rows = [
        (f"s{s}", "ratio", f"i{n % 3}", int(rng.random() < 0.6))
        for s in range(20)
        for n in range(5)
    ]
    more = [(f"s{s}", "ratio", "new", 0) for s in range(9)]
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    pd.DataFrame(rows, columns=COLUMNS).to_csv(before, index=False)
    pd.DataFrame([*rows, *more], columns=COLUMNS).to_csv(after, index=False)
    return before, after


def test_a_file_places_new_items(train, models, answers, tmp_path):
    train(answers[0])
    found = models("place", answers[1], "--json").json
    assert (found["items"], found["changed"], found["fitted"]) == (1, True, 1)
    assert read_bundle(tmp_path / "model").version == found["bundle"]
    assert "served that already: 1 items placed" in models("place", answers[1]).out


def test_the_log_of_a_tenant_places_them_too(trellis, train, models, answers):
    train(answers[0])
    trellis("import", "events", answers[1], "--tenant", "lincoln")
    assert models("place", "--tenant", "lincoln", "--json").json["items"] == 1


def test_without_a_champion_there_is_nothing_to_place_them_in(models, answers):
    ran = models("place", answers[1])
    assert ran.status == 2
    assert "champion" in ran.err
