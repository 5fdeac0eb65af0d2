"""Facts that a retrain adds to its bundle, held to two models fitted and judged by hand."""

import numpy as np
import pandas as pd
import pytest

from data.splits import fold_of
from engine.plans import ENOUGH_STUDENTS, rule_in_force
from models.baselines import PFA
from models.bundles import read_bundle
from models.names import make_bkt


def unseen_loss(model, events):
    unseen = fold_of(events["student"], 5) == 0
    p, right = model.fit(events[~unseen]).predict(events[unseen]), events["correct"][unseen] == 1
    return -np.log(np.where(right, p, 1 - p)).mean()


def traced_school(students):
    """Each student learns the skill at once and for good, one opportunity in seven."""
    rng = np.random.default_rng(0)
    rows = []
    for student in range(students):
        known = rng.random() < 0.3
        for _ in range(8):
            correct = float(rng.random() < (0.95 if known else 0.1))
            rows.append({"student": f"s{student}", "skill": "ratio", "correct": correct})
            known |= rng.random() < 0.15
    return pd.DataFrame(rows)


def test_the_served_bundle_tells_how_its_kind_predicts_unseen_students(train, folder, school):
    events = school()
    train(events)
    facts = read_bundle(folder).facts
    assert facts["log_loss"] == pytest.approx(unseen_loss(make_bkt("classic"), events))
    assert facts["rival_log_loss"] == pytest.approx(unseen_loss(PFA(), events))


def test_a_retrained_bundle_keeps_what_its_fit_said_and_is_named_by_its_content(train, school):
    events = school()
    bundle = train(events).bundle
    fitted = make_bkt("classic").fit(events).bundle
    assert fitted.facts.items() <= bundle.facts.items()
    assert bundle.version != fitted.version
    assert bundle.version == train(events).bundle.version


def test_where_nobody_could_be_held_back_nothing_is_said_of_rivals(train, school):
    facts = train(school(students=1)).bundle.facts
    assert "log_loss" not in facts
    assert "rival_log_loss" not in facts


def test_a_school_that_learns_as_the_model_thinks_goes_by_the_index(train):
    found = train(traced_school(students=ENOUGH_STUDENTS))
    assert rule_in_force(found.bundle.facts)[1].code == "rule_index"


def test_a_model_turned_upside_down_is_outdone_and_the_careful_rule_decides(
    train, school, upside_down
):
    found = train(school(students=ENOUGH_STUDENTS), upside_down)
    assert rule_in_force(found.bundle.facts)[1].code == "rule_misfit"
