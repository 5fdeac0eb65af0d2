"""Between retrains: items placed from the log, served, on record, placed again as more comes."""

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput, NotFound
from models.bundles import read_bundle
from models.names import make_bkt
from training.newcomers import place_items
from training.tracking import CHAMPION, PREVIOUS


def school(students=24):
    rng = np.random.default_rng(0)
    rows = [
        (f"s{s}", "ratio", f"i{n % 3}", float(rng.random() < 0.3 + 0.1 * n))
        for s in range(students)
        for n in range(5)
    ]
    return pd.DataFrame(rows, columns=["student", "skill", "item", "correct"])


def later(events, answers):
    """The first students go on with a new item, which goes as told."""
    more = [(f"s{s}", "ratio", "new", correct) for s, correct in enumerate(answers)]
    return pd.concat([events, pd.DataFrame(more, columns=events.columns)], ignore_index=True)


@pytest.fixture
def place(records, folder):
    def run(events):
        return place_items(events, records=records, model_folder=folder, source="a test")

    return run


@pytest.fixture
def champion(train):
    return train(school(), lambda: make_bkt("hierarchical"))


def ease(bundle, item):
    return bundle.hierarchy.item[bundle.hierarchy.place_of[item]]


def test_a_new_item_is_placed_served_and_on_record(champion, place, records, folder):
    found = place(later(school(), [0.0] * 8))
    served = read_bundle(folder)
    assert (found.items, found.changed, found.bundle) == (1, True, served.version)
    assert served.facts["placed"] == {
        "items": 1,
        "fitted": champion.bundle.version,
        "source": "a test",
    }
    assert ease(served, "new") < 0.0
    assert records.alias(CHAMPION).number == found.version == 2


def test_placing_again_starts_from_the_fit_and_hears_every_answer(champion, place, folder):
    place(later(school(), [0.0] * 4))
    first = ease(read_bundle(folder), "new")
    found = place(later(school(), [0.0] * 4 + [1.0] * 12))
    assert found.fitted == champion.version.number
    assert ease(read_bundle(folder), "new") > 0.0 > first


def test_the_same_log_is_the_same_version(champion, place):
    events = later(school(), [1.0] * 5)
    first, second = place(events), place(events)
    assert (second.changed, second.version, second.bundle) == (False, first.version, first.bundle)


def test_a_log_without_new_items_changes_nothing(champion, place):
    found = place(school())
    assert (found.items, found.changed, found.bundle) == (0, False, champion.bundle.version)


def test_a_roll_back_leads_to_the_model_before_and_not_to_fewer_items(champion, place, records):
    place(later(school(), [1.0] * 5))
    assert records.alias(PREVIOUS) is None


def test_a_retrain_is_still_judged_against_the_fit(champion, place, train):
    events = later(school(), [1.0] * 5)
    place(events)
    again = train(events, lambda: make_bkt("hierarchical"))
    assert again.verdict.champion == 2
    assert again.verdict.champion_log_loss is not None


def test_what_cannot_be_placed_is_said(train, place):
    with pytest.raises(NotFound, match="champion"):
        place(school())
    train(school())
    with pytest.raises(InvalidInput, match="hierarchical"):
        place(later(school(), [1.0]))
    with pytest.raises(InvalidInput, match="at least one response"):
        place(school().iloc[:0])
