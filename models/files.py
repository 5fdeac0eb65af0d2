"""Files that are always whole: the old content or the new, never half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from engine.errors import InvalidInput

READABLE_BY_ALL = 0o644  # a temporary file starts as its owner's alone; the server may be another
WRITABLE = "a place where files may be written"


def replace_file(path: Path, content: bytes) -> None:
    """The file holds the content, safely on disk, and nobody ever saw half of it.

    The bytes go to a file of their own, are forced to disk, and take the name in one step. A
    process killed anywhere in between leaves the old file (and perhaps a stray `.tmp` one).

    >>> place = Path(tempfile.mkdtemp())
    >>> replace_file(place / "notes.txt", b"whole")
    >>> [(file.name, file.read_text()) for file in place.iterdir()]
    [('notes.txt', 'whole')]
    """
    check_folder(path.parent)
    handle, name = _file_beside(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), READABLE_BY_ALL)
            os.fsync(file.fileno())
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)  # there only if something went wrong
    _force_to_disk(path.parent)


def check_folder(folder: Path) -> None:
    """Raises `InvalidInput` where something else has the name, or nothing may be written."""
    existing = next(part for part in (folder, *folder.parents) if os.path.exists(part))
    if not existing.is_dir():
        raise InvalidInput.at(str(folder), f"{existing.name} is a file", "a folder, or a new name")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise InvalidInput.at(str(folder), f"{existing} is read-only", WRITABLE)


def check_file(path: Path) -> None:
    """Raises `InvalidInput` where a file is wanted and a folder has the name."""
    if path.is_dir():
        raise InvalidInput.at(str(path), "a folder", "the name of a file")
    check_folder(path.parent)


def _file_beside(path: Path) -> tuple[int, str]:
    """A new empty file in the same folder. Raises `InvalidInput` where none can be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    except OSError as error:
        raise InvalidInput.at(str(path), error.strerror, WRITABLE) from error


def _force_to_disk(folder: Path) -> None:
    """A renamed file is only sure to survive a power cut once its folder is on disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
