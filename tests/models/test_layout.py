"""Keys in bulk against `engine.contexts`, which says them one response at a time."""

import numpy as np
import pandas as pd
import pytest

from engine.contexts import LAG, TIME, Contexts, keyed
from engine.errors import InvalidInput
from engine.responses import Response
from engine.tables import NO_ROW
from models.layout import clocked, layout_of
from models.sequences import sequences_of

MEMBERS = [
    Contexts(),
    Contexts(items=True),
    Contexts(resources=True),
    Contexts(order=True),
    Contexts(priors=True),
    Contexts(gaps=TIME),
    Contexts(gaps=LAG),
    Contexts(resources=True, order=True, gaps=TIME),
    Contexts(items=True, resources=True, order=True, priors=True, gaps=LAG),
]


@pytest.fixture(scope="module")
def log():
    """Three students on three skills, with gaps of all lengths, items and activities missing."""
    rng = np.random.default_rng(4)
    count = 300
    gaps = rng.choice([5, 100, 2000, 40_000, 300_000, 2_000_000], count)
    frame = pd.DataFrame(
        {
            "student": rng.choice(["a", "b", "c"], count),
            "skill": rng.choice(["x", "y", "x~~y"], count),
            "item": rng.choice(["i1", "i2", "i3", None], count),
            "activity": rng.choice(["video", "drill", None], count),
            "correct": rng.integers(0, 2, count).astype(float),
            "time": pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(gaps.cumsum(), "s"),
        }
    )
    return frame.sample(frac=1.0, random_state=1, ignore_index=True)


def one_at_a_time(log, contexts):
    """The keys of every row, from each student's responses in turn."""
    found = {}
    log = log.astype(object).where(log.notna(), None)
    for student, rows in log.groupby("student"):
        responses = [
            Response(
                str(n), student, tuple(r.skill.split("~~")), r.correct, r.time, r.item, r.activity
            )
            for n, r in zip(rows.index, rows.itertuples(), strict=True)
        ]
        ordered = sorted(responses, key=lambda response: response.occurred_at)
        found.update({int(r.id): keys for r, keys in keyed(ordered, contexts)})
    return found


@pytest.mark.parametrize("contexts", MEMBERS)
def test_in_bulk_every_response_has_the_key_it_has_alone(log, contexts):
    sequences = sequences_of(log)
    layout = layout_of(sequences, log, contexts)
    alone = one_at_a_time(log, contexts)
    for s in range(layout.indexed.sequences):
        for event in range(sequences.starts[s], sequences.starts[s + 1]):
            keys = alone[sequences.order[event]]
            emission = layout.emission.key[layout.indexed.emission[event]]
            assert emission == keys.item
            if event == sequences.starts[s]:
                assert layout.prior.key[layout.indexed.prior[s]] == keys.prior
                assert layout.indexed.transition[event] == NO_ROW
            else:
                row = layout.indexed.transition[event]
                assert layout.learn.key[layout.learn_of[row]] == keys.learn
                assert layout.forget.key[layout.forget_of[row]] == keys.forget


@pytest.mark.parametrize("contexts", MEMBERS)
def test_every_row_belongs_to_the_skill_of_its_responses(log, contexts):
    sequences = sequences_of(log)
    layout = layout_of(sequences, log, contexts)
    skill = np.repeat(sequences.skill_of, np.diff(sequences.starts))
    np.testing.assert_array_equal(layout.emission.skill[layout.indexed.emission], skill)
    later = layout.indexed.transition >= 0
    step = layout.indexed.transition[later]
    np.testing.assert_array_equal(layout.learn.skill[layout.learn_of[step]], skill[later])
    np.testing.assert_array_equal(layout.forget.skill[layout.forget_of[step]], skill[later])


def test_a_million_possible_pairs_are_found_by_sorting(log):
    many = log.assign(item=[f"item {n}" for n in range(len(log))])
    layout = layout_of(sequences_of(many), many, Contexts(items=True))
    assert len(layout.emission) == len(log) + 3  # each skill has a row without an item too


def test_without_a_clock_gaps_are_counted_in_answers(log):
    assert clocked(Contexts(gaps=TIME), log).gaps == TIME
    assert clocked(Contexts(gaps=TIME), log.drop(columns="time")).gaps == LAG
    assert clocked(Contexts(), log.drop(columns="time")).gaps == ""


@pytest.mark.parametrize(
    ("contexts", "column"),
    [
        (Contexts(items=True), "item"),
        (Contexts(order=True), "item"),
        (Contexts(resources=True), "activity"),
    ],
)
def test_a_missing_column_is_named(log, contexts, column):
    with pytest.raises(InvalidInput, match=f"column {column}"):
        layout_of(sequences_of(log), log.drop(columns=column), contexts)
