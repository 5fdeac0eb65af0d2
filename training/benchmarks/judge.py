"""One judge for both sides: how likely parameters make the responses, by the exact filter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.parameters import SkillParameters
from engine.tracing import trace_sequences


def log_likelihoods(
    responses: pd.DataFrame, parameters: Mapping[str, SkillParameters]
) -> dict[str, float]:
    """log P(responses of a skill | its parameters), natural logarithm, for every skill.

    `responses` (student, skill, correct) is in the order in which they happened; a combination
    of skills counts as a skill of its own.

    >>> rows = pd.DataFrame({"student": ["a", "a"], "skill": ["x", "x"], "correct": [1.0, 1.0]})
    >>> log_likelihoods(rows, {"x": SkillParameters(0.5, 0.0, 0.0, 0.5, 0.5)})
    {'x': -1.386...}
    """
    skill, skills = pd.factorize(responses["skill"])
    student = pd.factorize(responses["student"])[0]
    correct = responses["correct"].to_numpy(dtype=np.float64)
    order = np.lexsort((np.arange(len(responses)), student, skill))
    starts = _starts(skill[order], student[order])
    tables = np.array([parameters[str(name)] for name in skills], dtype=np.float64)
    found = trace_sequences(order, starts, skill[order[starts[:-1]]], correct, tables)
    surprise = correct * np.log(found.p_correct) + (1.0 - correct) * np.log1p(-found.p_correct)
    totals = np.bincount(skill, weights=surprise, minlength=len(skills))
    return {str(name): float(total) for name, total in zip(skills, totals, strict=True)}


def _starts(skill: NDArray[np.int64], student: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each (skill, student) begins, and behind them the end."""
    new = (np.diff(skill) != 0) | (np.diff(student) != 0)
    return np.concatenate([[0], np.flatnonzero(new) + 1, [len(skill)]])
