"""Baselines on disk: a folder with one file of plain arrays, whole or not there. No pickle."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.bundle import BUNDLE_FILE
from engine.errors import InvalidInput, NotFound

from ..files import replace_file

BASELINE_FILE = "baseline.npz"
ABOUT = "about"
WELL_FORMED = "a baseline as `trellis fit` wrote it"


class Saved(NamedTuple):
    """What a fitted baseline is made of.

    about   names, settings and counts, as JSON has them
    arrays  its numbers
    """

    about: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


def write_baseline(folder: Path, about: Mapping[str, Any], arrays: Mapping[str, Any]) -> Path:
    """The folder holds the baseline.

    Raises `InvalidInput` where a file is in the way, or a bundle: the folder would hold two models.
    """
    if (folder / BUNDLE_FILE).exists():
        raise InvalidInput.at(str(folder), f"holds {BUNDLE_FILE}", "a folder without another model")
    text = json.dumps(about, ensure_ascii=False, allow_nan=False).encode()
    content = io.BytesIO()
    named: dict[str, Any] = {ABOUT: np.frombuffer(text, dtype=np.uint8), **arrays}
    np.savez_compressed(content, **named)
    replace_file(folder / BASELINE_FILE, content.getvalue())
    return folder


def read_baseline(folder: Path) -> Saved:
    """The baseline of a folder. Raises `NotFound` where there is none, `InvalidInput` if damaged.

    >>> read_baseline(Path("nowhere"))
    Traceback (most recent call last):
    engine.errors.NotFound: no baseline (a folder with baseline.npz) with the id 'nowhere'
    """
    try:
        content = (folder / BASELINE_FILE).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise NotFound(f"baseline (a folder with {BASELINE_FILE})", str(folder)) from None
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(arrays.pop(ABOUT).tobytes())
    except (zipfile.BadZipFile, ValueError, KeyError, EOFError, OSError) as error:
        raise InvalidInput.at(str(folder / BASELINE_FILE), error, WELL_FORMED) from None
    return Saved(about, arrays)
