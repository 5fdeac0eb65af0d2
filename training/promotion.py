"""Which version serves: the champion's bundle lies in the model folder, the one before is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.bundle import BUNDLE_FILE, Bundle, decode
from engine.errors import Conflict, InvalidInput, NotFound
from models.bundles import read_bundle, write_bundle
from models.files import check_folder

from .tracking import CHALLENGER, CHAMPION, PREVIOUS, Records, Version

ARTIFACT = f"bundle/{BUNDLE_FILE}"


@dataclass(frozen=True)
class Promoted:
    """The version that serves now, its bundle, and the one it took over from, if any."""

    version: int
    bundle: str
    previous: int | None

    def as_dict(self) -> dict[str, Any]:
        return {"champion": self.version, "bundle": self.bundle, "previous": self.previous}


def promote(records: Records, number: int, *, model_folder: Path) -> Promoted:
    """The version is champion and served; the champion it replaces is kept as `previous`.

    The aliases move first, then the bundle takes its place in one step: killed in between, the
    old bundle still serves, `trellis models list` shows the difference, and the same command
    again finishes the work. Promoting the champion writes its bundle anew and moves nothing.
    """
    check_folder(model_folder)
    version = records.version(number)
    bundle = bundle_of(records, version)
    before = records.alias(CHAMPION)
    if before is not None and before.number != number:
        records.point(PREVIOUS, before.number)
    records.point(CHAMPION, number)
    if CHALLENGER in version.aliases:
        records.unpoint(CHALLENGER)
    write_bundle(model_folder, bundle)
    previous = records.alias(PREVIOUS)
    return Promoted(number, bundle.version, None if previous is None else previous.number)


def promote_challenger(records: Records, *, model_folder: Path) -> Promoted:
    """The challenger is champion. Raises `Conflict` where there is none."""
    found = records.alias(CHALLENGER)
    if found is None:
        raise Conflict(
            "no version waits to be promoted: name one, as in `trellis models promote 3` "
            "(`trellis models list` shows them)"
        )
    return promote(records, found.number, model_folder=model_folder)


def rollback(records: Records, *, model_folder: Path) -> Promoted:
    """The champion before this one serves again; a second rollback undoes the first.

    Raises `Conflict` where there is none to go back to.
    """
    found = records.alias(PREVIOUS)
    if found is None:
        now = records.alias(CHAMPION)
        first = f"version {now.number} is the first that serves" if now else "none serves yet"
        raise Conflict(f"there is no champion to go back to: {first}")
    return promote(records, found.number, model_folder=model_folder)


def bundle_of(records: Records, version: Version) -> Bundle:
    """The bundle that a registered version serves."""
    return decode(records.document(version.run_id, ARTIFACT))


def served_bundle(model_folder: Path) -> str | None:
    """The version of the bundle in the model folder; None where there is none that is whole."""
    try:
        return read_bundle(model_folder).version
    except (NotFound, InvalidInput):
        return None
