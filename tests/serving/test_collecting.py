"""The collector of cycles, in a server."""

import gc

import pytest

from serving.collecting import THRESHOLDS, collect_seldom, keep_few_heaps


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


def test_few_heaps_are_kept_where_the_c_library_can_be_told_so():
    keep_few_heaps()  # what it does is seen in a server's memory alone: it must go everywhere
