"""Retrains and the gate, on a real registry and tiny schools."""

import numpy as np
import pytest

from data.splits import fold_of
from engine.bundle import BUNDLE_FILE
from engine.errors import InvalidInput
from models.bundles import read_bundle
from models.names import make_bkt
from training.promotion import served_bundle
from training.retraining import FOLDS, UNSEEN_FOLD
from training.tracking import CHALLENGER, CHAMPION, PREVIOUS


def test_the_first_model_is_champion_and_serves(train, records, folder, school):
    found = train(school())
    assert found.alias == CHAMPION
    assert records.alias(CHAMPION).number == 1
    assert read_bundle(folder).version == found.bundle.version


def test_the_served_model_is_fitted_on_everyone(train, folder, school):
    events = school()
    train(events)
    assert read_bundle(folder).facts["students"] == events["student"].nunique()


def test_the_scores_are_of_students_that_the_judged_model_never_saw(train, records, school):
    events = school()
    found = train(events)
    unseen = fold_of(events["student"], FOLDS) == UNSEEN_FOLD
    predicted = make_bkt("classic").fit(events[~unseen]).predict(events[unseen])
    expected = -np.log(np.where(events["correct"][unseen] == 1, predicted, 1 - predicted)).mean()
    assert found.scores.log_loss == pytest.approx(expected)
    assert records.metrics(found.version.run_id)["unseen_log_loss"] == pytest.approx(expected)


def test_the_same_retrain_again_passes_the_gate(train, records, school):
    train(school())
    again = train(school())
    assert again.verdict.passed
    assert records.alias(PREVIOUS).number == 1


def test_a_worse_model_is_only_a_challenger_and_the_champion_still_serves(
    train, records, folder, school, upside_down
):
    champion = train(school())
    worse = train(school(), upside_down)
    assert not worse.verdict.passed
    assert worse.alias == CHALLENGER
    assert records.alias(CHAMPION).number == 1
    assert served_bundle(folder) == champion.bundle.version
    assert "worse" in worse.verdict.reason


def test_the_gate_compares_models_that_had_both_not_seen_the_students(train, records, school):
    events = school()
    first = train(events)
    second = train(events)
    assert second.verdict.champion_log_loss == pytest.approx(first.scores.log_loss, abs=1e-9)
    judged = records.document(first.version.run_id, f"judged/{BUNDLE_FILE}")
    served = records.document(first.version.run_id, f"bundle/{BUNDLE_FILE}")
    assert judged != served


def test_a_class_too_small_to_hold_students_back_still_gets_a_model(train, school):
    found = train(school(students=1))
    assert found.scores is None
    assert found.alias == CHAMPION
    again = train(school(students=1))
    assert again.alias == CHALLENGER
    assert "no unseen students" in again.verdict.reason
    assert train(school()).alias == CHAMPION  # judged on unseen students, which the first was not


def test_nothing_to_learn_from_leaves_nothing(train, records, folder, school):
    with pytest.raises(InvalidInput):
        train(school().head(0))
    assert records.versions() == []
    assert not folder.exists()
