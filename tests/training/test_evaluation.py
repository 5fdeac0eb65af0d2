"""Models judged on unseen students, on worlds small enough to check by hand."""

import zlib

import numpy as np
import pandas as pd
import pytest

from engine.errors import InvalidInput
from models.names import MODELS, make
from training import metrics
from training.evaluation import evaluate_folds, evaluate_split, student_folds


def school(students=40, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        {
            "student": f"s{s}",
            "skill": skill,
            "item": f"q{n % 3}",
            "activity": f"a{n % 2}",
            "correct": float(rng.random() < 0.3 + 0.08 * n),
        }
        for s in range(students)
        for skill in ("ratio", "slope~~ratio")
        for n in range(6)
    ]
    return pd.DataFrame(rows).assign(source_row=lambda table: range(len(table)))


def halves(events):
    first = events["student"].isin([f"s{i}" for i in range(20)])
    return events[first], events[~first]


@pytest.mark.parametrize("name", MODELS)
def test_scores_are_those_of_the_models_own_predictions(name):
    train, test = halves(school())
    [found] = evaluate_split(make, [name], train=train, test=test)
    predicted = make(name).fit(train).predict(test)
    assert found.auc == metrics.auc(predicted, test["correct"])
    assert found.log_loss == metrics.log_loss(predicted, test["correct"])
    assert found.n == len(test)


@pytest.mark.parametrize("name", MODELS)
def test_a_response_is_scored_without_its_own_answer_and_those_after_it(name):
    """Turning the last answer of a student around changes no prediction for anyone."""
    train, test = halves(school())
    last = test.index[-1]
    turned = test.assign(correct=test["correct"].where(test.index != last, 1 - test["correct"]))
    model = make(name).fit(train)
    assert np.array_equal(model.predict(test), model.predict(turned))


def test_students_on_both_sides_are_refused_by_name():
    events = school(3)
    with pytest.raises(InvalidInput, match="1 in both: s1"):
        evaluate_split(make, ["mean"], train=events[:20], test=events[20:])


def test_folds_are_student_disjoint_and_cover_everyone_once():
    events = school()
    seen = []
    for train, test in student_folds(events, folds=4):
        assert not set(train["student"]) & set(test["student"])
        assert len(train) + len(test) == len(events)
        seen += list(test["student"].unique())
    assert sorted(seen) == sorted(events["student"].unique())


def test_a_fold_is_the_checksum_of_the_students_id():
    for i, (_, test) in enumerate(student_folds(school(), folds=4)):
        assert {zlib.crc32(name.encode()) % 4 for name in test["student"]} == {i}


def test_mean_and_spread_are_those_of_the_folds():
    [found] = evaluate_folds(make, ["classic"], events=school(), folds=3)
    aucs = [fold.auc for fold in found.folds]
    row = found.as_dict()
    assert row["auc"] == pytest.approx(sum(aucs) / 3)
    assert row["spread"]["auc"] == pytest.approx(np.std(aucs, ddof=1))
    assert row["n"] == len(school())


def test_too_few_students_for_the_folds_are_refused():
    with pytest.raises(InvalidInput, match="fold"):
        evaluate_folds(make, ["mean"], events=school(2), folds=5)


@pytest.mark.parametrize("folds", [-1, 0, 1])
def test_fewer_than_two_folds_are_refused(folds):
    with pytest.raises(InvalidInput):
        evaluate_folds(make, ["mean"], events=school(), folds=folds)
