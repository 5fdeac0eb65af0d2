"""The collector of cycles, in a server."""

import gc

import pytest

from serving.collecting import THRESHOLDS, collect_seldom


@pytest.fixture
def _as_before():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_as_before")
def test_it_searches_seldom_and_still_searches() -> None:
    collect_seldom()
    assert gc.get_threshold() == THRESHOLDS
    assert gc.isenabled()
