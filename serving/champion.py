"""The model in force: the bundle in the model folder, swapped when the file is replaced.

A request takes the bundle once and keeps it, so no request sees two versions. A file that cannot
be used is refused: the bundle in force stays, and the refusal is reported until a good one comes.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path

from engine.bundle import BUNDLE_FILE, Bundle, decode
from engine.errors import InvalidInput, Unavailable

NO_MODEL = (
    "no model yet: run `trellis train` (the server takes up the bundle it promotes without a "
    "restart)"
)

Stamp = tuple[int, int, int]
"""What tells one file from the one that replaced it: time of change, size, inode."""


@dataclass(frozen=True, slots=True)
class ModelState:
    """What is in force, and why the newest file is not, if it was refused."""

    bundle: Bundle | None = None
    refusal: str | None = None
    stamp: Stamp | None = None


class Champion:
    """The bundle in `folder`, as fresh as the last look at its file.

    >>> Champion(Path("nowhere")).bundle()
    Traceback (most recent call last):
    engine.errors.Unavailable: no model yet: run `trellis train` ...
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / BUNDLE_FILE
        self._state = ModelState()
        self._swapping = threading.Lock()

    def bundle(self) -> Bundle:
        """The bundle in force. Raises `Unavailable` when there has never been a good one."""
        found = self.state()
        if found.bundle is None:
            raise Unavailable(found.refusal or NO_MODEL)
        return found.bundle

    def state(self) -> ModelState:
        """What is in force now, after one look at the file (a microsecond or two).

        Only one thread reads a new file; the others are answered from the old one meanwhile.
        """
        stamp = _stamp(self._path)
        if stamp == self._state.stamp or stamp is None:
            return self._state
        if self._state.bundle is None:
            with self._swapping:  # nothing to answer from: wait for the first model
                self._swap(stamp)
        elif self._swapping.acquire(blocking=False):
            try:
                self._swap(stamp)
            finally:
                self._swapping.release()
        return self._state

    def _swap(self, stamp: Stamp) -> None:
        if stamp == self._state.stamp:
            return  # another thread was here first
        try:
            self._state = ModelState(decode(self._path.read_bytes()), None, stamp)
        except (InvalidInput, OSError) as error:
            reason = f"{BUNDLE_FILE} was refused: {error}"
            self._state = replace(self._state, refusal=reason, stamp=stamp)


def _stamp(path: Path) -> Stamp | None:
    """None when there is no file: a bundle taken away does not unseat the one in force."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
