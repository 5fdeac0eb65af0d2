"""Numbers and states are said so that they cannot be read as more than they are."""

from __future__ import annotations

import pytest

from engine.states import SECURE
from serving.pages.words import STATES, between, count, listed, percent


@pytest.mark.parametrize("p", [0.0, 1e-9, 0.0099])
def test_nothing_is_ever_impossible(p):
    assert percent(p) == "<1%"


@pytest.mark.parametrize("p", [0.99, 0.999999, 1.0])
def test_nothing_is_ever_certain(p):
    assert percent(p) == "99%"


def test_below_the_bar_never_reads_as_having_reached_it():
    assert percent(SECURE) == "95%"
    assert percent(SECURE - 1e-6) == "94%"


def test_whole_hundredths_read_as_themselves():
    assert [percent(n / 100) for n in range(1, 100)] == [f"{n}%" for n in range(1, 100)]


def test_an_interval_that_rounds_to_a_point_says_about():
    assert between(0.951, 0.958) == "about 95%"


def test_every_state_of_a_belief_has_its_own_word():
    states = ["unseen", "not_enough_evidence", "emerging", "developing", "secure", "review_due"]
    assert list(STATES) == states
    assert len(set(STATES.values())) == len(states)


def test_lists_and_counts_read_as_speech():
    assert listed([]) == ""
    assert (count(0, "student"), count(1, "student")) == ("0 students", "1 student")
