"""Policies compared on the same simulated students."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from data.worlds import World
from data.worlds.course import Floats

from .pilots import fit_pilot
from .playing import Outcome, play
from .plugging import ORACLE, REFERENCE
from .situations import Maker

PILOT_SEEDS = 1_000_000  # apart from those of courses and classes


def contest(
    world: Callable[[int], World],
    policies: Mapping[str, Mapping[str, Maker]],
    *,
    students: int,
    courses: int,
    seed: int,
    progress: Callable[[str], None] = lambda _: None,
) -> Played:
    """Every policy at every setting with the same students, spread evenly over fresh courses.

    Each course gets a pilot of its own; its seed is `seed` and the course's number.
    """
    makers = {
        (name, setting): make for name in policies for setting, make in policies[name].items()
    }
    found: dict[tuple[str, str], list[Outcome]] = {key: [] for key in makers}
    standing = []
    for own, size in enumerate(_sizes(students, courses), start=seed):
        drawn = world(own)
        fitted = fit_pilot(drawn, seed=own + PILOT_SEEDS)
        progress(str(fitted))
        for key, make in makers.items():
            found[key].append(play(drawn, make(), fitted, students=size, seed=own))
        drawn.reset(size, own)
        standing.append(drawn.standing())
    return Played({key: joined(parts) for key, parts in found.items()}, np.concatenate(standing))


def _sizes(students: int, courses: int) -> list[int]:
    """So many students in classes of almost the same size, none empty."""
    courses = min(courses, students)
    return [students // courses + (number < students % courses) for number in range(courses)]


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """The students of several classes as one."""
    return Outcome(*(np.concatenate(parts) for parts in zip(*outcomes, strict=True)))


class Played(NamedTuple):
    """The outcomes by (policy, setting), and how well off each student was at the start."""

    outcomes: Mapping[tuple[str, str], Outcome]
    standing: Floats

    def best(self, policy: str) -> tuple[str, Outcome]:
        """A policy's best setting, and what it came to."""
        mine = {setting: one for (name, setting), one in self.outcomes.items() if name == policy}
        setting = max(mine, key=lambda key: float(mine[key].held.mean()))
        return setting, mine[setting]

    def row(self, world: str, policy: str) -> dict[str, str | int | float | None]:
        """A policy's line of the table, at its best setting."""
        found, reference = self.best(policy)[1], self.best(REFERENCE)[1]
        room = self.best(ORACLE)[1].held.mean() - reference.held.mean()
        gained = found.held - reference.held
        order = np.argsort(self.standing, kind="stable")
        quarter = max(len(order) // 4, 1)
        return {
            "world": world,
            "policy": policy,
            "students": len(found.held),
            "held": float(found.held.mean()),
            "held_se": standard_error(found.held),
            "over_practice": float(found.over_practice.mean()),
            "false_mastery": float(found.wrongly.sum() / max(found.declared.sum(), 1.0)),
            "lowest_quarter": float(gained[order[:quarter]].mean()),
            "highest_quarter": float(gained[order[-quarter:]].mean()),
            "regret_closed": float(gained.mean() / room) if room > 0 else None,
        }


def standard_error(values: Floats) -> float | None:
    """The standard error of a mean; None of one value alone."""
    if len(values) < 2:
        return None
    return float(values.std(ddof=1) / np.sqrt(len(values)))
