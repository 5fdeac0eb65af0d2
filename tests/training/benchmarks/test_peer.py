"""A peer in its own process, against a stand-in that answers as the real one does."""

from pathlib import Path

import pytest

from engine.errors import InvalidInput, Unavailable
from training.benchmarks.peer import pybkt


def test_it_says_whether_the_peer_is_the_slow_pure_python_version(python, responses):
    with pybkt(python, responses) as peer:
        assert (peer.about["version"], peer.about["built"]) == ("0.0.1", "pure Python")


def test_skill_names_reach_the_peer_as_numbers_and_come_back_as_they_were(python, responses):
    with pybkt(python, responses) as peer:
        assert list(peer.fit(seed=1).parameters) == ["Volume (3D)"]


def test_a_peer_that_is_not_there_is_named(responses):
    with pytest.raises(InvalidInput, match="make bench"), pybkt(Path("nowhere"), responses):
        pass


def test_a_peer_that_breaks_says_why(python, responses):
    (python.parent / "lib" / "pyBKT" / "models.py").write_text("raise ImportError('half built')")
    with pytest.raises(Unavailable, match="half built"), pybkt(python, responses):
        pass
