"""Which version serves, on a real registry."""

import numpy as np
import pytest

from engine.bundle import BUNDLE_FILE
from engine.errors import Conflict
from models.bundles import read_bundle
from models.names import from_bundle
from training.promotion import promote, promote_challenger, rollback, served_bundle
from training.tracking import CHALLENGER, CHAMPION, PREVIOUS


def test_rollback_serves_the_champion_before_and_a_second_one_undoes_it(
    train, records, folder, school
):
    first, second = train(school()), train(school(rises=0.11))
    if second.alias == CHALLENGER:
        promote_challenger(records, model_folder=folder)
    assert rollback(records, model_folder=folder).version == 1
    assert served_bundle(folder) == first.bundle.version
    assert records.alias(PREVIOUS).number == 2
    assert rollback(records, model_folder=folder).version == 2
    assert served_bundle(folder) == second.bundle.version


def test_a_promoted_challenger_is_challenger_no_more(train, records, folder, school, upside_down):
    train(school())
    worse = train(school(), upside_down)
    assert promote_challenger(records, model_folder=folder).previous == 1
    assert records.alias(CHALLENGER) is None
    assert records.alias(CHAMPION).number == worse.version.number


def test_promoting_the_champion_writes_its_bundle_anew(train, records, folder, school):
    found = train(school())
    (folder / BUNDLE_FILE).unlink()
    promoted = promote(records, 1, model_folder=folder)
    assert promoted.previous is None
    assert served_bundle(folder) == found.bundle.version


def test_without_a_previous_champion_there_is_nothing_to_roll_back_to(
    train, records, folder, school
):
    train(school())
    with pytest.raises(Conflict, match="version 1 is the first"):
        rollback(records, model_folder=folder)
    with pytest.raises(Conflict, match="models promote 3"):
        promote_challenger(records, model_folder=folder)


def test_a_served_bundle_traces_as_the_model_did(train, folder, school):
    events = school()
    found = train(events)
    expected = from_bundle(found.bundle).predict(events)
    assert np.array_equal(from_bundle(read_bundle(folder)).predict(events), expected)
