"""How well classic BKT predicts unseen students on the published splits."""

from __future__ import annotations

from pathlib import Path

from data.events import read_events
from data.splits import split_rows

from ..evaluation import Maker, ModelScores, evaluate_split

DATA_SETS = ("assist2009", "assist2015")


def accuracy(folder: Path, make: Maker, names: list[str]) -> dict[str, list[ModelScores]]:
    """The models' scores on each data set of the folder, fitted on one split, scored on the other.

    Raises `InvalidInput` where a data set is not there.
    """
    found = {}
    for name in DATA_SETS:
        frame = read_events(folder / "events" / f"{name}.parquet").frame
        train, test = split_rows(frame, "train"), split_rows(frame, "test")
        found[name] = evaluate_split(make, names, train=train, test=test)
    return found
