"""The race to fit items: a skill of many items, each with a guess and slip of its own.

Each side runs in a process of its own, so that memory can be told by how much the process grew.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine.parameters import Emission, SkillParameters
from engine.tables import Indexed, Tables
from engine.tracing import trace

from .peer import Peer, PeerFit, ourselves, pybkt
from .worlds import skill_of_items

ITEMS = 1_000
SIZES = (2_000, 10_000, 30_000)


@dataclass(frozen=True)
class ItemRace:
    """One size: seconds, and by how many bytes each process grew."""

    items: int
    responses: int
    seconds: float
    peer_seconds: float
    memory: int
    peer_memory: int
    log_likelihood: float
    peer_log_likelihood: float

    @property
    def ratio(self) -> float:
        return self.peer_seconds / self.seconds

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio}


def race_items(
    *, python: Path, items: int = ITEMS, sizes: tuple[int, ...] = SIZES
) -> tuple[ItemRace, ...]:
    """Both sides fit each size, plain likelihood, one fit of the peer and the better of our two."""
    return tuple(_raced(skill_of_items(size, items=items), python, items) for size in sizes)


def _raced(responses: pd.DataFrame, python: Path, items: int) -> ItemRace:
    with ourselves(responses) as us:
        mine = min((_fit(us, {"items": True}) for _ in range(2)), key=lambda found: found.seconds)
    with pybkt(python, responses) as peer:
        theirs = _fit(peer, {"multigs": "item"})
    return ItemRace(
        items=items,
        responses=len(responses),
        seconds=mine.seconds,
        peer_seconds=theirs.seconds,
        memory=mine.memory,
        peer_memory=theirs.memory,
        log_likelihood=_log_likelihood(responses, mine),
        peer_log_likelihood=_log_likelihood(responses, theirs),
    )


def _fit(side: Peer, options: dict[str, Any]) -> PeerFit:
    return side.fit(seed=0, options=options)


def _log_likelihood(responses: pd.DataFrame, found: PeerFit) -> float:
    """log P(responses) of one skill under the parameters of its items, by the exact filter."""
    ((skill, parameters),) = found.parameters.items()
    codes, names = pd.factorize(responses["item"])
    student = pd.factorize(responses["student"])[0]
    order = np.argsort(student, kind="stable")
    starts = np.searchsorted(student[order], np.arange(student.max() + 2))
    correct = responses["correct"].to_numpy(dtype=np.float64)[order]
    rows = np.zeros(len(starts) - 1, dtype=np.int64)
    one = np.zeros(len(order), dtype=np.int64)
    indexed = Indexed(starts.astype(np.int64), correct, rows, one, codes[order].astype(np.int64))
    p = trace(indexed, _tables(parameters, found.items[skill], list(names))).p_correct
    return float((correct * np.log(p) + (1.0 - correct) * np.log1p(-p)).sum())


def _tables(parameters: SkillParameters, items: Any, names: list[str]) -> Tables:
    average = Emission(parameters.guess, parameters.slip)
    own = np.array([items.get(str(name), average) for name in names])
    prior, learn, forget = (np.array([[value]]) for value in parameters[:3])
    guess, slip = (np.ascontiguousarray(own[:, side : side + 1]) for side in (0, 1))
    return Tables(prior, learn, forget, guess, slip)
