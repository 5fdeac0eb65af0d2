"""Where the numbers on a page come from: the moment, the model, and what it learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from engine.bundle import Bundle
from engine.states import SECURE

from ..champion import ModelState
from .words import count, day, listed, moment

SHOWN_VERSION = 8  # characters: enough to tell versions apart by eye


@dataclass(frozen=True, slots=True)
class Source:
    """The model a page speaks for, and since when it has been in force."""

    bundle: Bundle
    since: datetime | None


def source(bundle: Bundle, state: ModelState) -> Source:
    """The source of a page; the file's date, if this model came from it, is when it took over."""
    if state.stamp is None or state.refusal or state.bundle is not bundle:
        return Source(bundle, None)
    return Source(bundle, datetime.fromtimestamp(state.stamp[0] / 1e9, UTC))


def source_line(found: Source, as_of: datetime) -> str:
    """The source in a line at the foot of the page.

    >>> from engine.parameters import SkillEstimate, SkillParameters
    >>> import numpy as np
    >>> half = SkillParameters(*[0.5] * 5)
    >>> bundle = Bundle("classic", {}, SkillEstimate(half, half, np.zeros((5, 5))), version="3fa9")
    >>> source_line(Source(bundle, None), datetime(2026, 9, 4, 8, 30, tzinfo=UTC))
    'Mastery as of 4 Sep 2026, 08:30 UTC · model classic, version 3fa9. A skill is secure from 95%;
    percentages are rounded down.'
    """
    parts = [
        f"Mastery as of {moment(as_of)} UTC",
        f"model {found.bundle.model}, version {found.bundle.version[:SHOWN_VERSION]}",
        *_learnt(found.bundle),
        *([f"in use since {day(found.since)}"] if found.since else []),
    ]
    bar = f"A skill is secure from {SECURE:.0%}; percentages are rounded down."
    return f"{' · '.join(parts)}. {bar}"


def _learnt(bundle: Bundle) -> list[str]:
    """What the fit says it learnt from, where it says so."""
    nouns = {"events": "answer", "students": "student"}
    known = [
        count(bundle.facts[key], noun)
        for key, noun in nouns.items()
        if isinstance(bundle.facts.get(key), int)
    ]
    return [f"learnt from {listed(known)}"] if known else []
