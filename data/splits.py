"""Who is learnt from and who is judged on: always whole students, never some of their answers."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine.errors import Fault, InvalidInput

SPLITS = ("train", "test")


def fold_of(students: pd.Series, folds: int) -> npt.NDArray[np.int64]:
    """The fold of every row's student: CRC-32 of the id in UTF-8, modulo the number of folds.

    The same everywhere and for ever, whoever else is in the table. Raises `InvalidInput` for
    fewer than 2 folds.

    >>> fold_of(pd.Series(["ana", "Zoë", "ana"]), 5).tolist()
    [0, 3, 0]
    """
    if folds < 2:
        raise InvalidInput.at("folds", folds, "at least 2")
    codes, unique = pd.factorize(students)
    ours = [crc32(str(student).encode("utf-8")) % folds for student in unique]
    return np.array(ours, dtype=np.int64)[codes]


def split_rows(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of the split `name`. Raises `InvalidInput` where the table does not say.

    >>> rows = pd.DataFrame({"student": ["ana", "ben"], "split": ["train", "test"]})
    >>> split_rows(rows, "test")["student"].tolist()
    ['ben']
    """
    if name not in SPLITS:
        raise InvalidInput.at("split", name, " or ".join(SPLITS))
    if "split" not in frame:
        raise InvalidInput.at("columns", ", ".join(map(str, frame.columns)), "also split")
    unknown = frame["split"][~frame["split"].isin(SPLITS)]
    if len(unknown):
        values = unknown.astype(object).where(unknown.notna(), "").unique()[:5]
        faults = [Fault("split", str(value), " or ".join(SPLITS)) for value in values]
        raise InvalidInput(faults)
    return frame.loc[frame["split"].eq(name)]
