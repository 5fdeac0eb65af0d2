"""Members fitted to what they say of themselves: simulated, fitted again, and found again."""

import numpy as np
import pandas as pd
import pytest

from engine.contexts import keyed
from engine.parameters import FORGET, GUESS, LEARN, PRIOR, SLIP
from engine.responses import Response
from models import BKT

from .test_family_laws import school

MEMBERS = {
    "classic": {},
    "forgets": {"forgets": True},
    "gaps": {"gaps": True},
    "items": {"items": True},
    "resources": {"resources": True},
    "order": {"item_order": True},
    "priors": {"priors": True},
    "everything": {"items": True, "resources": True, "priors": True, "gaps": True},
}
STUDENTS = 500


def answered(bundle, school, rng):
    """The school with the answers of students who are as the bundle says."""
    correct = {}
    for student, rows in school.groupby("student", sort=False):
        known, asked = {}, _asked(student, rows)
        # an answer decides the keys of later ones: one response at a time
        given = []
        for response in asked:
            *_, (_, keys) = keyed([*given, response], bundle.contexts)
            estimate, skill = bundle.skills[response.skill], response.skill

            def rate(parameter, key, estimate=estimate):
                own = estimate.own(parameter, key)
                return estimate.parameters[parameter] if own is None else own

            if skill not in known:
                known[skill] = rng.random() < rate(PRIOR, keys.prior)
            elif known[skill]:
                known[skill] = rng.random() >= rate(FORGET, keys.forget)
            else:
                known[skill] = rng.random() < rate(LEARN, keys.learn)
            chance = 1 - rate(SLIP, keys.item) if known[skill] else rate(GUESS, keys.item)
            right = float(rng.random() < chance)
            given.append(response._replace(correct=right))
            correct[int(response.id)] = right
    return school.assign(correct=pd.Series(correct))


def _asked(student, rows):
    return [
        Response(f"{n:06}", student, (row.skill,), 0.0, row.time, row.item, row.activity)
        for n, row in zip(rows.index, rows.itertuples(), strict=True)
    ]


@pytest.mark.parametrize("options", MEMBERS.values(), ids=MEMBERS)
def test_what_a_model_says_of_students_is_found_again_in_students_like_that(options):
    truth = BKT(**options).fit(school(students=120, seed=3))
    events = answered(truth.bundle, school(students=STUDENTS, seed=4), np.random.default_rng(5))
    found = BKT(**options).fit(events)
    unseen = school(students=40, seed=6)
    difference = np.abs(found.predict(unseen) - truth.predict(unseen))
    other = np.abs(BKT(**options).fit(school(seed=7)).predict(unseen) - truth.predict(unseen))
    assert difference.mean() < 0.03
    assert difference.mean() < other.mean()
