"""What a fitted hierarchy says of the seen and the unseen, and that it travels unchanged."""

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.effects import OPPORTUNITIES
from engine.errors import InvalidInput
from engine.hierarchy import Hierarchy, as_document, from_document
from engine.history import COVARIATES
from engine.touches import APART

SETS = 5
NO_PAIRS = np.empty((0, 3), dtype=np.int64)


def hierarchy(seed=0, combining=APART):
    rng = np.random.default_rng(seed)
    return Hierarchy(
        average=0.6,
        gaps="lag",
        combining=combining,
        nodes=17,
        drift=0.0,
        skills=("a", "b", "a~~b"),
        skill=rng.normal(size=(SETS, 3, 5)).round(6),
        loadings=rng.normal(size=(SETS, 3, 5)).round(6),
        population=rng.normal(size=(SETS, 5)).round(6),
        population_loadings=rng.normal(size=(SETS, 5)).round(6),
        items=("i1", "i2"),
        item=np.array([1.0, -1.0]),
        item_se=np.array([0.1, 0.5]),
        item_spread=0.8,
        pairs=np.array([[0, 1, 0], [0, 1, 1], [2, 0, 1]]),
        pair=np.array([-0.4, 0.3, 0.7]),
        pair_se=np.array([0.1, 0.2, 0.1]),
        pair_spread=0.5,
        past=rng.normal(size=(SETS, len(COVARIATES))).round(6),
        gap_learn=rng.normal(size=(SETS, 5)).round(6),
        gap_forget=rng.normal(size=(SETS, 5)).round(6),
        opportunity=rng.normal(size=(SETS, OPPORTUNITIES + 1)).round(6),
    )


def test_a_seen_skill_reads_its_own_effects_in_any_order():
    one = hierarchy()
    found = one.effects(2, ["a~~b", "a"], [], NO_PAIRS)
    np.testing.assert_array_equal(found.skill, one.skill[2, [2, 0]])


def test_an_unseen_skill_reads_the_population_and_a_combination_the_mean_of_its_parts():
    one = hierarchy()
    found = one.effects(1, ["new", "b~~new"], [], NO_PAIRS)
    np.testing.assert_array_equal(found.skill[0], one.population[1])
    np.testing.assert_allclose(found.skill[1], (one.skill[1, 1] + one.population[1]) / 2)


def test_an_unseen_item_is_as_hard_as_the_average_and_as_uncertain_as_items_differ():
    one = hierarchy()
    assert one.effects(0, ["a"], ["new", "i2"], NO_PAIRS).item.tolist() == [0.0, -1.0, 0.0]
    every = [one.effects(n, ["a"], ["new", "i1"], NO_PAIRS) for n in range(1, SETS)]
    draws = np.array([effects.item for effects in every])
    assert np.abs(draws[:, 0]).max() > np.abs(draws[:, 1] - 1.0).max()
    np.testing.assert_allclose(draws.mean(axis=0), [0.0, 1.0, 0.0], atol=1e-12)  # opposite pairs


def test_a_pair_reads_its_own_effect_by_name_and_an_unseen_one_none():
    one, skills = hierarchy(), ["new", "b", "a"]
    pairs = np.array([[2, 1, 1], [2, 1, 0], [1, 2, 1], [0, 1, 1], [2, 0, 0]])
    assert one.effects(0, skills, [], pairs).pair.tolist() == [0.3, -0.4, 0.0, 0.0, 0.0, 0.0]
    draws = np.array([one.effects(n, skills, [], pairs).pair for n in range(1, SETS)])
    assert np.abs(draws[:, 2]).max() > np.abs(draws[:, 0] - 0.3).max()
    np.testing.assert_allclose(draws.mean(axis=0), [0.3, -0.4, 0, 0, 0, 0], atol=1e-12)
    assert not draws[:, -1].any()  # a first response follows nothing


def test_a_document_from_before_there_were_pairs_is_read_and_written_as_it_was():
    document = as_document(hierarchy())
    for name in ("pairs", "pair", "pair_se", "pair_spread"):
        del document[name]
    old = from_document(document)
    assert len(old.pairs) == 0
    assert as_document(old) == document


def test_it_comes_back_from_json_unchanged():
    one = hierarchy()
    again = from_document(json.loads(json.dumps(as_document(one))))
    assert as_document(again) == as_document(one)
    np.testing.assert_array_equal(again.skill, one.skill)


@pytest.mark.parametrize(
    "damage",
    [
        {"gaps": "moon"},
        {"nodes": 0},
        {"average": 1.0},
        {"drift": 0.9},
        {"item": np.array([1.0])},
        {"pair": np.array([1.0])},
        {"pairs": np.array([[0, 1, 0], [0, 1, 1], [3, 0, 1]])},
        {"pairs": np.array([[0, 1, 1], [0, 1, 0], [2, 0, 1]])},
        {"past": np.full((SETS, len(COVARIATES)), np.nan)},
    ],
)
def test_what_does_not_fit_is_refused_by_name(damage):
    document = as_document(replace(hierarchy(), **damage))
    with pytest.raises(InvalidInput, match="bundle, hierarchy"):
        from_document(document)
