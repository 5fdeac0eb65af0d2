"""Retrains, the gate and promotion, on a real registry and tiny schools."""

import numpy as np
import pandas as pd
import pytest

from data.splits import fold_of
from engine.bundle import BUNDLE_FILE
from engine.errors import InvalidInput, NotFound
from models import BKT
from models.bundles import read_bundle
from models.names import from_bundle, make_bkt
from training.promotion import promote, promote_challenger, rollback, served_bundle
from training.retraining import FOLDS, UNSEEN_FOLD, retrain
from training.tracking import CHALLENGER, CHAMPION, PREVIOUS


def school(*, students=60, rises=0.1, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        {"student": f"s{s}", "skill": "ratio", "correct": float(rng.random() < 0.2 + rises * n)}
        for s in range(students)
        for n in range(7)
    ]
    return pd.DataFrame(rows)


def classic():
    return make_bkt("classic")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "model"


@pytest.fixture
def train(records, folder):
    def run(events, make=classic):
        return retrain(events, make, records=records, model_folder=folder, parameters={"seed": 0})

    return run


def test_the_first_model_is_champion_and_serves(train, records, folder):
    found = train(school())
    assert found.alias == CHAMPION
    assert records.alias(CHAMPION).number == 1
    assert read_bundle(folder).version == found.bundle.version


def test_the_served_model_is_fitted_on_everyone(train, folder):
    events = school()
    train(events)
    assert read_bundle(folder).facts["students"] == events["student"].nunique()


def test_the_scores_are_of_students_that_the_judged_model_never_saw(train, records):
    events = school()
    found = train(events)
    unseen = fold_of(events["student"], FOLDS) == UNSEEN_FOLD
    predicted = classic().fit(events[~unseen]).predict(events[unseen])
    expected = -np.log(np.where(events["correct"][unseen] == 1, predicted, 1 - predicted)).mean()
    assert found.scores.log_loss == pytest.approx(expected)
    assert records.metrics(found.version.run_id)["unseen_log_loss"] == pytest.approx(expected)


def test_the_same_retrain_again_passes_the_gate(train, records):
    train(school())
    again = train(school())
    assert again.verdict.passed
    assert records.alias(PREVIOUS).number == 1


class UpsideDown(BKT):
    """A model fitted on answers turned around, so worse than any champion."""

    def fit(self, events):
        return super().fit(events.assign(correct=1 - events["correct"]))


def test_a_worse_model_is_only_a_challenger_and_the_champion_still_serves(train, records, folder):
    champion = train(school())
    worse = train(school(), UpsideDown)
    assert not worse.verdict.passed
    assert worse.alias == CHALLENGER
    assert records.alias(CHAMPION).number == 1
    assert served_bundle(folder) == champion.bundle.version
    assert "worse" in worse.verdict.reason


def test_the_gate_compares_models_that_had_both_not_seen_the_students(train, records):
    events = school()
    first = train(events)
    second = train(events)
    assert second.verdict.champion_log_loss == pytest.approx(first.scores.log_loss, abs=1e-9)
    judged = records.document(first.version.run_id, f"judged/{BUNDLE_FILE}")
    served = records.document(first.version.run_id, f"bundle/{BUNDLE_FILE}")
    assert judged != served


def test_a_class_too_small_to_hold_students_back_still_gets_a_model(train):
    found = train(school(students=1))
    assert found.scores is None
    assert found.alias == CHAMPION
    again = train(school(students=1))
    assert again.alias == CHALLENGER
    assert "no unseen students" in again.verdict.reason
    assert train(school()).alias == CHAMPION  # judged on unseen students, which the first was not


def test_nothing_to_learn_from_leaves_nothing(train, records, folder):
    with pytest.raises(InvalidInput):
        train(school().head(0))
    assert records.versions() == []
    assert not folder.exists()


def test_rollback_serves_the_champion_before_and_a_second_one_undoes_it(train, records, folder):
    first, second = train(school()), train(school(rises=0.11))
    if second.alias == CHALLENGER:
        promote_challenger(records, model_folder=folder)
    assert rollback(records, model_folder=folder).version == 1
    assert served_bundle(folder) == first.bundle.version
    assert records.alias(PREVIOUS).number == 2
    assert rollback(records, model_folder=folder).version == 2
    assert served_bundle(folder) == second.bundle.version


def test_a_promoted_challenger_is_challenger_no_more(train, records, folder):
    train(school())
    worse = train(school(), UpsideDown)
    assert promote_challenger(records, model_folder=folder).previous == 1
    assert records.alias(CHALLENGER) is None
    assert records.alias(CHAMPION).number == worse.version.number


def test_promoting_the_champion_writes_its_bundle_anew(train, records, folder):
    found = train(school())
    (folder / BUNDLE_FILE).unlink()
    promoted = promote(records, 1, model_folder=folder)
    assert promoted.previous is None
    assert served_bundle(folder) == found.bundle.version


def test_without_a_previous_champion_there_is_nothing_to_roll_back_to(train, records, folder):
    train(school())
    with pytest.raises(NotFound, match="previous"):
        rollback(records, model_folder=folder)
    with pytest.raises(NotFound, match="challenger"):
        promote_challenger(records, model_folder=folder)


def test_a_served_bundle_traces_as_the_model_did(train, folder):
    events = school()
    found = train(events)
    expected = from_bundle(found.bundle).predict(events)
    assert np.array_equal(from_bundle(read_bundle(folder)).predict(events), expected)
