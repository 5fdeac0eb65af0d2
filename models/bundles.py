"""Bundles on disk: a folder with one file, which is always either the old bundle or the new one."""

from __future__ import annotations

from pathlib import Path

from engine.bundle import BUNDLE_FILE, Bundle, decode, encode
from engine.errors import NotFound

from .files import replace_file


def write_bundle(folder: Path, bundle: Bundle) -> Path:
    """The folder holds the bundle. Raises `InvalidInput` where a file is in the way."""
    replace_file(folder / BUNDLE_FILE, encode(bundle))
    return folder


def read_bundle(folder: Path) -> Bundle:
    """The bundle of a folder. Raises `NotFound` where there is none, `InvalidInput` if damaged.

    >>> read_bundle(Path("nowhere"))
    Traceback (most recent call last):
    engine.errors.NotFound: no bundle (a folder with bundle.json) with the id 'nowhere'
    """
    try:
        return decode((folder / BUNDLE_FILE).read_bytes())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise NotFound(f"bundle (a folder with {BUNDLE_FILE})", str(folder)) from None
