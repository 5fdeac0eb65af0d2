"""Learning from a log what teaches and what needs what: recovered where the truth is known."""

import numpy as np
import pytest

from data.worlds import WORLDS
from engine.errors import InvalidInput
from models.prerequisites import posterior
from models.teaching import Catalogue, Log, fit_teaching, kind_by_skill
from training.simulation.pilots import pilot_log


@pytest.fixture(scope="module")
def wrong():
    """A world with wrong prerequisites, and what a pilot says about it."""
    world = WORLDS["wrongpre"](1)
    log = pilot_log(world, seed=101, students=300)
    course = world.course
    catalogue = Catalogue(course.skill_of, course.kind, course.listed, course.layer)
    return world, fit_teaching(log, catalogue)


def test_activities_that_teach_are_told_from_those_that_do_not(wrong):
    world, found = wrong
    true = np.log(world.truth.teach)
    assert np.corrcoef(np.log(found.ladder.teach), true)[0, 1] > 0.6


def test_edges_that_the_log_contradicts_are_those_that_are_not_real(wrong):
    world, found = wrong
    contradicted = [edge for edge in found.edges if edge.contradicted]
    assert contradicted
    assert all(world.truth.needs[edge.skill, edge.needs] == 0.0 for edge in contradicted)


def test_real_edges_come_out_stronger_than_unreal_ones(wrong):
    world, found = wrong
    strengths = {True: [], False: []}
    for edge in found.edges:
        strengths[world.truth.needs[edge.skill, edge.needs] > 0].append(edge.strength)
    assert np.mean(strengths[True]) > np.mean(strengths[False]) + 0.2


def test_that_something_is_needed_though_nobody_lists_it_is_noticed(wrong):
    world, found = wrong
    course = world.course
    unlisted = Catalogue(course.skill_of, course.kind, course.listed, course.layer).unlisted
    assert (found.needs[unlisted] > 0).all()


def test_without_a_log_about_it_an_edge_is_what_the_curriculum_says():
    none = np.zeros(0)
    found = posterior(none, none, none)
    assert 1 - found[0] == pytest.approx(0.84)


def test_what_was_hardly_used_is_taken_for_its_kind_on_its_skill():
    kind, skill = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    listed = np.zeros((2, 2), dtype=bool)
    catalogue = Catalogue(skill, kind, listed, np.zeros(2, dtype=np.int64))
    lifted, exposed = np.array([200.0, 100.0, 100.0, 0.0]), np.array([1000.0, 1000.0, 1000.0, 0.0])
    usual = kind_by_skill(lifted, exposed, catalogue)
    # kind 1 teaches half as often as kind 0, and skill 1 is learnt half as often as skill 0
    assert usual[3] == pytest.approx(0.05, rel=0.1)


def test_an_empty_log_is_refused():
    nothing = Log(np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0)))
    listed = np.zeros((1, 1), dtype=bool)
    zero = np.zeros(1, dtype=np.int64)
    with pytest.raises(InvalidInput, match="log"):
        fit_teaching(nothing, Catalogue(zero, zero, listed, zero))
