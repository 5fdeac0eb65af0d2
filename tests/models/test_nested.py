"""Members inside one another: what a simpler one reached is where a richer one may begin."""

import numpy as np
import pytest

from engine.contexts import SKILL_ALONE, Contexts
from models.fitting import fit
from models.layout import layout_of
from models.nested import Lattice, Member, as_rows_of
from models.objective import objective
from models.sequences import sequences_of
from models.starts import starts
from models.trie import tries_of

EVERYTHING = Member(Contexts(items=True, resources=True, order=True, priors=True, gaps="lag"), True)


def all_simpler(member, found):
    for simpler in member.simpler():
        if simpler not in found:
            found.add(simpler)
            all_simpler(simpler, found)
    return found


def test_below_the_whole_combination_lie_all_others():
    assert len(all_simpler(EVERYTHING, set())) == 47
    assert Member(SKILL_ALONE, False) in all_simpler(EVERYTHING, set())


@pytest.fixture(scope="module")
def lattice(events):
    few = events.head(2_400).assign(activity=events["item"])
    sequences = sequences_of(few)

    def goal(forgets):
        return objective(map_estimate=False, forgets=forgets)

    def alone(forgets):
        return fit(tries_of(sequences), goal(forgets), starts(8, seed=0))

    return Lattice(sequences, few, goal, alone)


@pytest.mark.parametrize(
    "contexts",
    [Contexts(items=True), Contexts(order=True), Contexts(gaps="lag"), Contexts(priors=True)],
)
def test_in_a_richer_members_rows_the_simpler_model_is_as_likely_as_before(lattice, contexts):
    simple = lattice.top(Member(SKILL_ALONE, True))
    layout = layout_of(lattice.sequences, lattice.events, contexts)
    for rows, values, parameter in zip(
        layout.rows, as_rows_of(layout, simple), range(5), strict=True
    ):
        own = simple.variant.fit.parameters[rows.skill, parameter]
        np.testing.assert_allclose(values, own, rtol=1e-12)


def test_each_member_is_climbed_once(lattice):
    member = Member(Contexts(items=True), True)
    assert lattice.top(member) is lattice.top(member)


def test_the_top_is_no_lower_than_what_the_member_reaches_on_its_own(lattice):
    member = Member(Contexts(items=True, priors=True), False)
    top, only = lattice.top(member), lattice.only(member)
    gained = top.variant.fit.log_likelihood - only.variant.fit.log_likelihood
    assert (gained >= -1e-6).all()
