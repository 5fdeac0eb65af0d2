"""All that is told of a comparison beside its scores, as rows of plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .bootstrap import REPLICATES
from .breakdown import breakdown, calibration
from .differences import best, differences
from .evaluation import Comparison
from .validity import validity

Rows = list[dict[str, Any]]


class Wanted(NamedTuple):
    """What to tell.

    against      the model that differences are from; None: the one with the highest AUC
    by           kinds of `breakdown.KINDS`
    calibration  whether to show predicted beside right
    validity     the threshold of mastery whose validity is wanted; None: not wanted
    replicates, seed  of the draws of students behind every interval
    """

    against: str | None = None
    by: Sequence[str] = ()
    calibration: bool = False
    validity: float | None = None
    replicates: int = REPLICATES
    seed: int = 0


def reports(found: Comparison, wanted: Wanted) -> dict[str, Rows]:
    """The rows of each report, by its name, in the order they are shown."""
    told: dict[str, Rows] = {}
    draws = {"replicates": wanted.replicates, "seed": wanted.seed}
    if len(found.models) > 1:
        against = wanted.against or best(found.models, found.unseen)
        told["differences"] = [one.as_dict() for one in differences(found, against, **draws)]
    for kind in dict.fromkeys(wanted.by):
        told[f"by_{kind}"] = breakdown(found, kind)
    if wanted.calibration:
        told["calibration"] = calibration(found)
    if wanted.validity is not None:
        valid = validity(found, threshold=wanted.validity, **draws)
        told["validity"] = [one.as_dict() for one in valid]
    return told
