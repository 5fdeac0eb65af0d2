"""Between two retrains: items that came after the champion's fit find how hard they are.

Everything else stays as it was fitted, so that nothing has to be judged anew. New items are placed
from the champion as it was fitted, all of them each time: an item moves as its answers come in, and
the same log gives the same bundle. Every placing is a version of its own, which decisions name.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from engine.bundle import BUNDLE_FILE, Bundle, encode
from engine.errors import InvalidInput, NotFound
from models.names import from_bundle

from .grounds import grounded
from .promotion import bundle_of, promote
from .retraining import JUDGED, JUDGED_YES, SERVED
from .tracking import CHAMPION, PREVIOUS, Records, Run, Version

FITTED = "fitted"
"""The tag of a version whose items were placed: the number of the version that was fitted."""


@dataclass(frozen=True)
class Placed:
    """What a placing led to: the version that serves, how many items it has placed since its fit,
    and whether that is anything new."""

    version: int
    bundle: str
    fitted: int
    items: int
    changed: bool

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def place_items(
    events: pd.DataFrame, *, records: Records, model_folder: Path, source: str
) -> Placed:
    """The champion serves with every item of `events` placed that it was not fitted on.

    `events` are whole histories, as the log holds them. Raises `NotFound` without a champion, and
    `InvalidInput` for a model that has no place for a new item.
    """
    champion = records.alias(CHAMPION)
    if champion is None:
        raise NotFound("registered model with the alias", CHAMPION)
    fitted = records.version(int(champion.tags.get(FITTED, champion.number)))
    before = bundle_of(records, fitted)
    found, count = _grown(before, events)
    if count:
        place = {"items": count, "fitted": before.version, "source": source}
        found = grounded(found, {"placed": place})
    if found.version == champion.tags.get("bundle"):
        return Placed(champion.number, found.version, fitted.number, count, changed=False)
    version = records.register(
        records.log(_run(found, fitted, records, source, count)),
        artifact=SERVED,
        tags={
            "model": found.model,
            "bundle": found.version,
            JUDGED: fitted.tags.get(JUDGED, "no"),
            FITTED: str(fitted.number),
        },
    )
    _serve(version, records, model_folder)
    return Placed(version.number, found.version, fitted.number, count, changed=True)


def _serve(version: Version, records: Records, model_folder: Path) -> None:
    """The version serves; a roll-back still leads to the model before this one, not to the same
    model with fewer items."""
    previous = records.alias(PREVIOUS)
    promote(records, version.number, model_folder=model_folder)
    if previous is None:
        records.unpoint(PREVIOUS)
    else:
        records.point(PREVIOUS, previous.number)


def _grown(before: Bundle, events: pd.DataFrame) -> tuple[Bundle, int]:
    """The bundle with the items that it lacks, and how many they are."""
    if events.empty:
        raise InvalidInput.at("events", "none", "at least one response to learn from")
    found = from_bundle(before).with_items(events).bundle
    assert before.hierarchy is not None
    assert found.hierarchy is not None
    return found, len(found.hierarchy.items) - len(before.hierarchy.items)


def _run(found: Bundle, fitted: Version, records: Records, source: str, count: int) -> Run:
    """The record of a placing; what the fitted version was judged by goes with it."""
    documents = {f"{SERVED}/{BUNDLE_FILE}": encode(found).decode()}
    if fitted.tags.get(JUDGED) == JUDGED_YES:
        path = f"{JUDGED}/{BUNDLE_FILE}"
        documents[path] = records.document(fitted.run_id, path).decode()
    return Run(
        name=f"{found.model} {found.version}",
        parameters={"model": found.model, "source": source, "items_placed": count},
        metrics=records.metrics(fitted.run_id),
        tags={FITTED: str(fitted.number)},
        documents=documents,
    )
