"""From logits to tables and back: every row comes from the parameter that it belongs to."""

import numpy as np

from engine.contexts import Contexts
from engine.tables import Tables
from models.layout import layout_of
from models.objective import objective
from models.sequences import sequences_of
from models.variants import coordinates_of


def of(events, **options):
    sequences = sequences_of(events)
    layout = layout_of(sequences, events, Contexts(items=True, order=True, gaps="lag"))
    skills = np.tile([0.4, 0.1, 0.05, 0.2, 0.1], (2, 1))
    return coordinates_of(layout, objective(map_estimate=True, forgets=True, **options), skills)


def test_logits_and_values_undo_each_other(events):
    coordinates = of(events)
    logits = np.random.default_rng(0).normal(0, 2, len(coordinates.owner))
    np.testing.assert_allclose(coordinates.logits(coordinates.values(logits)), logits, rtol=1e-6)


def test_a_given_parameter_keeps_its_value_wherever_the_climb_goes(events):
    coordinates = of(events, fixed={"guess": 0.25})
    for logits in (-30.0, 0.0, 30.0):
        values = coordinates.values(np.full(len(coordinates.owner), logits))
        assert (coordinates.tables(values).guess == 0.25).all()


def test_what_transitions_count_is_gathered_by_the_row_that_they_read(events):
    coordinates = of(events)
    tables = coordinates.tables(coordinates.values(np.zeros(len(coordinates.owner))))
    ones = Tables(*(np.ones((*table.shape, 2)) for table in tables))
    gathered = coordinates.parts(coordinates.gathered(ones)[:, 0])
    learnt = np.bincount(coordinates.learn_of, minlength=coordinates.sizes[1])
    np.testing.assert_array_equal(gathered[1], learnt)
    assert gathered[2].sum() == gathered[1].sum() == len(tables.learn)
