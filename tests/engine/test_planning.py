"""What a skill is worth: readiness, what it leads to, and the product of both with the index."""

import numpy as np
import pytest

from engine.indices import Shelf, index_of, index_table
from engine.planning import GATE, PATIENCE, Graph, readiness, skill_terms, stakes

CHAIN = Graph.of([[], [(0, 0.6)], [(1, 0.9)]])
FORK = Graph.of([[], [(0, 0.6)], [(0, 0.5), (1, 0.2)]])
TABLE = index_table(Shelf.of([(0.2, 0.2, 0.1, True)]))


def wanted(mastery, rates, graph, weights, extra, at):
    """Σ w Q, with the chance of holding one skill raised by `extra`: the slow, plain way."""
    reached = np.zeros(len(mastery))
    for k in range(len(mastery)):
        ready = 1.0
        for edge in range(graph.starts[k], graph.starts[k + 1]):
            ready *= 1 - graph.strengths[edge] * (1 - reached[graph.needs[edge]])
        gained = 1 - np.exp(-PATIENCE * rates[k] * ready)
        reached[k] = mastery[k] + (1 - mastery[k]) * gained + (extra if k == at else 0.0)
    return weights @ reached


@pytest.mark.parametrize("graph", [CHAIN, FORK])
def test_stakes_are_the_slope_of_everything_wanted(graph):
    mastery, rates = np.array([0.3, 0.2, 0.6]), np.array([0.1, 0.3, 0.2])
    weights = np.array([1.0, 1.0, 3.0])
    found = stakes(mastery, rates, graph, weights)
    for k in range(3):
        more, less = (wanted(mastery, rates, graph, weights, h, k) for h in (1e-6, -1e-6))
        assert found[k] == pytest.approx((more - less) / 2e-6, rel=1e-5)


def test_readiness_is_the_product_with_a_tenth_for_each_prerequisite_below_the_gate():
    mastery = np.array([0.8, 0.95, 0.0])
    assert readiness(mastery, FORK, 2, GATE) == pytest.approx(
        (1 - 0.5 * 0.2) * 0.1 * (1 - 0.2 * 0.05)
    )


def test_an_edge_that_takes_next_to_nothing_bars_nothing():
    weak = Graph.of([[], [(0, 0.2)]])
    assert readiness(np.array([0.0, 0.0]), weak, 1, GATE) == pytest.approx(0.8)


def test_the_terms_multiply_to_the_index_at_the_speed_that_prerequisites_leave():
    mastery, speed = np.array([0.5, 0.2, 0.1]), np.array([1.0, 0.8, 1.2])
    tables = np.stack([TABLE.indices] * 3)
    terms = skill_terms(mastery, speed, np.full(3, 0.2), tables, CHAIN, np.ones(3), GATE)
    led = stakes(mastery, np.full(3, 0.2), CHAIN, np.ones(3))
    for k in range(3):
        pace = speed[k] * readiness(mastery, CHAIN, k, GATE)
        score = np.exp(sum(term[k] for term in terms))
        assert score == pytest.approx(index_of(TABLE, mastery[k], pace) * led[k])


def test_a_skill_on_the_way_to_what_is_wanted_is_worth_more():
    plain = stakes(np.zeros(3), np.full(3, 0.2), CHAIN, np.ones(3))
    aimed = stakes(np.zeros(3), np.full(3, 0.2), CHAIN, np.array([1.0, 1.0, 3.0]))
    assert (aimed > plain).all()
    nowhere = stakes(np.zeros(3), np.full(3, 0.2), CHAIN, np.array([0.0, 0.0, 0.0]))
    assert (nowhere == 0.0).all()
