"""How counting is divided: every group once, whatever the blocks; owners share no copy."""

import numpy as np
import pytest

from engine.tables import classic_indexed
from models.division import divided

SKILL = np.repeat([0, 1, 2], [40, 1, 9])
LENGTHS = np.random.default_rng(0).integers(1, 9, len(SKILL))
STARTS = np.concatenate([[0], np.cumsum(LENGTHS)])
EVENTS = classic_indexed(STARTS, SKILL, np.ones(STARTS[-1]))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr("models.division.BLOCK_EVENTS", 20)
    monkeypatch.setattr("models.division.MOST_BLOCKS", 10**6)


@pytest.mark.parametrize("owner", [None, SKILL], ids=["no owner", "by skill"])
def test_blocks_hold_every_group_once_in_order(owner):
    found = divided(EVENTS, np.arange(len(SKILL) + 1), owner)
    assert found.block_starts[0] == 0
    assert found.block_starts[-1] == len(SKILL)
    assert (np.diff(found.block_starts) > 0).all()


def test_blocks_end_where_the_owner_changes():
    found = divided(EVENTS, np.arange(len(SKILL) + 1), SKILL)
    assert {40, 41} <= set(found.block_starts.tolist())


def test_rows_that_only_one_block_reads_need_no_copies():
    one = classic_indexed(np.array([0, 2, 4]), np.array([0, 1]), np.ones(4))
    assert not divided(one, np.arange(3), np.array([0, 1])).shared.any()
    assert divided(EVENTS, np.arange(len(SKILL) + 1), SKILL).shared.any()
