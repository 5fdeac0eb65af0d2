"""Bundles on disk: a folder with one file, which is always either the old bundle or the new one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from engine.bundle import BUNDLE_FILE, Bundle, decode, encode
from engine.errors import InvalidInput, NotFound

READABLE_BY_ALL = 0o644  # a temporary file starts as its owner's alone; the server may be another


def write_bundle(folder: Path, bundle: Bundle) -> Path:
    """The folder holds the bundle, safely on disk, and nobody ever saw half of it.

    The bytes go to a file of their own, are forced to disk, and take the name in one step. A
    process killed anywhere in between leaves the old bundle (and perhaps a stray `.tmp` file).
    """
    check_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / BUNDLE_FILE
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{BUNDLE_FILE}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(encode(bundle))
            file.flush()
            os.fchmod(file.fileno(), READABLE_BY_ALL)
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _force_to_disk(folder)
    return target


def read_bundle(folder: Path) -> Bundle:
    """The bundle of a folder. Raises `NotFound` where there is none, `InvalidInput` if damaged.

    >>> read_bundle(Path("nowhere"))
    Traceback (most recent call last):
    engine.errors.NotFound: no bundle (a folder with bundle.json) with the id 'nowhere'
    """
    try:
        return decode((folder / BUNDLE_FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"bundle (a folder with {BUNDLE_FILE})", str(folder)) from None


def check_folder(folder: Path) -> None:
    """Raises `InvalidInput` where a folder is wanted and something else has the name."""
    for part in (folder, *folder.parents):
        if part.exists():
            if not part.is_dir():
                raise InvalidInput.at(str(folder), f"{part} is a file", "a folder, or a new name")
            return


def _force_to_disk(folder: Path) -> None:
    """A renamed file is only sure to survive a power cut once its folder is on disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
