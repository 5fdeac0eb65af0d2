"""Advice on the approach: a formula that is shown, and that every input can move."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.approach import APPROACHES, Conditions, advise
from engine.errors import InvalidInput

NEAR_A_BAR = {
    "students": (Conditions(10, independence=0.2), 60),
    "adults": (Conditions(60, adults=1, independence=0.2), 4),
    "devices": (Conditions(20, independence=0.9, devices=0.0), 1.0),
    "independence": (Conditions(20, devices=1.0, independence=0.05), 1.0),
    "age": (Conditions(20, devices=1.0, independence=0.65), 16),
    "fixed_curriculum": (Conditions(20, independence=0.2), True),
    "preparation": (Conditions(20, independence=0.6, preparation=300), 10),
    "lift": (Conditions(20, independence=0.6), 0.2),
    "out_of_reach": (Conditions(20, independence=0.6), 0.6),
}


def test_every_input_is_in_the_list():
    assert set(NEAR_A_BAR) == {field.name for field in fields(Conditions)}


@pytest.mark.parametrize("name", NEAR_A_BAR)
def test_each_input_alone_can_change_the_advice(name):
    before, value = NEAR_A_BAR[name]
    assert advise(before).approach != advise(replace(before, **{name: value})).approach


conditions = st.builds(
    Conditions,
    students=st.integers(0, 200),
    adults=st.floats(0.25, 5),
    devices=st.none() | st.floats(0, 1),
    independence=st.none() | st.floats(0, 1),
    age=st.none() | st.integers(4, 19),
    fixed_curriculum=st.booleans(),
    preparation=st.none() | st.floats(0, 300),
    lift=st.floats(-1, 1),
    out_of_reach=st.floats(0, 1),
)


@given(conditions)
@settings(deadline=None)
def test_the_share_is_a_share_and_its_terms_end_in_it(given_conditions):
    found = advise(given_conditions)
    assert 0.0 <= found.personal_share <= 1.0
    assert found.approach in APPROACHES
    assert found.terms[-1].share == found.personal_share


@given(conditions)
@settings(deadline=None)
def test_what_would_change_it_does(given_conditions):
    for change in advise(given_conditions).would_change:
        changed = replace(given_conditions, **{change.input: change.value})
        assert advise(changed).approach == change.approach


@given(conditions)
@settings(deadline=None)
def test_no_devices_do_not_mean_no_personal_learning(given_conditions):
    able = replace(given_conditions, devices=0.0, independence=0.9, age=12, fixed_curriculum=False)
    assert advise(replace(able, lift=0.0)).personal_share >= 0.25


@given(conditions, st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None)
def test_more_independence_or_devices_never_mean_less_personal_learning(c, low, high):
    low, high = sorted((low, high))
    for name in ("independence", "devices"):
        shares = [advise(replace(c, **{name: v})).personal_share for v in (low, high)]
        assert shares[0] <= shares[1] + 1e-12


def test_what_nobody_said_is_named():
    assert len(advise(Conditions(20)).assumed) == 4
    assert advise(Conditions(20, 1, 1.0, 0.5, 12, False, 90)).assumed == ()


def test_conditions_that_cannot_be_are_all_named():
    with pytest.raises(InvalidInput) as error:
        advise(Conditions(20, adults=0, devices=3.0, age=500))
    assert {fault.place for fault in error.value.faults} == {"adults", "devices", "age"}
