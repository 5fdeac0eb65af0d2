"""Simulated responses to measure on: students who learn exactly as classic BKT assumes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from engine.parameters import SkillParameters

ONE_SKILL = SkillParameters(0.3, 0.1, 0.0, 0.2, 0.1)
RESPONSES_EACH = 20  # of a student to a skill
LOWEST = np.array([0.1, 0.03, 0.0, 0.1, 0.05])
HIGHEST = np.array([0.6, 0.3, 0.0, 0.3, 0.2])


def answers(parameters: SkillParameters, students: int, rng: np.random.Generator) -> np.ndarray:
    """Answers of so many students, [student, response] of 0 and 1."""
    known = rng.random(students) < parameters.prior
    found = np.empty((students, RESPONSES_EACH), dtype=np.int8)
    for response in range(RESPONSES_EACH):
        right = np.where(known, 1.0 - parameters.slip, parameters.guess)
        found[:, response] = rng.random(students) < right
        chance = rng.random(students)
        known = np.where(known, chance >= parameters.forget, chance < parameters.learn)
    return found


def one_skill(responses: int, *, seed: int = 0) -> pd.DataFrame:
    """So many responses to one skill, student after student; names are texts.

    >>> one_skill(40)["student"].nunique()
    2
    """
    students = responses // RESPONSES_EACH
    found = answers(ONE_SKILL, students, np.random.default_rng(seed))
    names = np.repeat([f"student {number}" for number in range(students)], RESPONSES_EACH)
    return pd.DataFrame({"student": names, "skill": "one skill", "correct": found.ravel()})


def skill_of_items(responses: int, *, items: int, seed: int = 0) -> pd.DataFrame:
    """So many responses to one skill whose items differ in how they are guessed and slipped on."""
    rng = np.random.default_rng(seed)
    students = responses // RESPONSES_EACH
    guess, slip = rng.uniform(0.05, 0.4, items), rng.uniform(0.03, 0.3, items)
    known = rng.random(students) < ONE_SKILL.prior
    rows = []
    for _ in range(RESPONSES_EACH):
        item = rng.integers(0, items, students)
        right = rng.random(students) < np.where(known, 1.0 - slip[item], guess[item])
        rows.append(pd.DataFrame({"student": range(students), "item": item, "correct": right}))
        known |= rng.random(students) < ONE_SKILL.learn
    frame = pd.concat(rows, ignore_index=True).assign(skill="one skill")
    kinds = {"student": str, "item": str, "correct": int}
    return frame.sort_values("student", kind="stable").reset_index(drop=True).astype(kinds)


def course(responses: int, *, skills: int, seed: int = 0) -> Iterator[pd.DataFrame]:
    """So many responses to so many skills, a table for each skill; names are numbers.

    >>> sum(len(table) for table in course(4000, skills=5))
    4000
    """
    rng = np.random.default_rng(seed)
    students = responses // skills // RESPONSES_EACH
    for skill in range(skills):
        found = answers(SkillParameters(*rng.uniform(LOWEST, HIGHEST)), students, rng)
        yield pd.DataFrame(
            {
                "student": np.repeat(np.arange(students, dtype=np.int32), RESPONSES_EACH),
                "skill": np.full(students * RESPONSES_EACH, skill, dtype=np.int16),
                "correct": found.ravel(),
            }
        )
