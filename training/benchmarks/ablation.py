"""What each ingredient of the hierarchical model is worth, on each course.

Two questions with two answers. *Added in turn*: from the skills alone, one ingredient after the
other, each against the model before it. *Left out alone*: the whole model against the one that
lacks only this ingredient. Where both are near zero the ingredient is not worth its parameters
there; where only the second is, others can stand in for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ..bootstrap import REPLICATES
from ..differences import Difference, differences
from ..evaluation import Comparison, Maker, Progress
from ..validity import validity
from .courses import Course, judge_course, responses_of

WHOLE = "hierarchical"
STEPS = ("items", "ability", "combinations", "forgets", "gaps", "history")
"""The ingredients in the order they are added."""


class Worth(NamedTuple):
    """An ingredient's worth: the AUC that it adds, in turn and in the end."""

    ingredient: str
    added: Difference
    left_out: Difference


def without(missing: Sequence[str]) -> str:
    """The name of the model that lacks these.

    >>> without(["gaps", "items"])
    'hierarchical-items-gaps'
    """
    return "-".join([WHOLE, *(step for step in STEPS if step in missing)])


def ladder() -> list[str]:
    """The models from the skills alone to the whole one.

    >>> ladder()[-2:]
    ['hierarchical-history', 'hierarchical']
    """
    return [without(STEPS[n:]) for n in range(len(STEPS) + 1)]


def ablation(
    folder: Path, course: Course, make: Maker, *, progress: Progress | None = None
) -> dict[str, Any]:
    """One course's ladder and what each ingredient is worth there, as plain values.

    Raises `InvalidInput` where the course is not there.
    """
    frame = responses_of(folder, course)
    names = list(dict.fromkeys([*ladder(), *(without([step]) for step in STEPS)]))
    found = judge_course(frame, course, make, names, progress=progress)
    return {
        "course": course.name,
        "folds": course.folds,
        "unseen": len(found.unseen.frame),
        "models": [one.scores.as_dict() for one in found.models],
        "worth": [
            {
                "ingredient": one.ingredient,
                "added": one.added.as_dict(),
                "left_out": one.left_out.as_dict(),
            }
            for one in worths(found)
        ],
        "validity": [one.as_dict() for one in validity(found)],
    }


def worths(found: Comparison, *, replicates: int = REPLICATES) -> list[Worth]:
    """Every ingredient's worth in AUC, with student-bootstrap intervals; above 0 it helps."""
    steps = ladder()
    return [
        Worth(
            ingredient,
            added=_auc(found, steps[n + 1], steps[n], replicates),
            left_out=_auc(found, WHOLE, without([ingredient]), replicates),
        )
        for n, ingredient in enumerate(STEPS)
    ]


def _auc(found: Comparison, model: str, against: str, replicates: int) -> Difference:
    pair = tuple(one for one in found.models if one.model in (model, against))
    [auc, *_] = differences(found._replace(models=pair), against, replicates=replicates)
    return auc
