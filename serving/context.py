"""What every request can reach: the store, the model in force, the clock and the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from data.store import About, Deed, Principal, Remembered, Store

from .answers import Reading
from .champion import Champion
from .kept import KeptBeliefs
from .metrics import Metrics
from .settings import Settings

READING_NOTED_EVERY = 3600.0  # seconds: who comes back within the hour is noted once
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time now, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """Made once when the server starts; shared by every request."""

    settings: Settings
    store: Store
    champion: Champion
    clock: Clock
    metrics: Metrics = field(default_factory=Metrics)
    kept: KeptBeliefs = field(default_factory=KeptBeliefs)
    noted: Remembered[bool] = field(default_factory=lambda: Remembered(READING_NOTED_EVERY))

    def reading(self, tenant: str) -> Reading:
        """A tenant's facts under the model in force. Raises `Unavailable` without a model."""
        bundle, now = self.champion.bundle(), self.clock()
        return Reading(self.store, bundle, tenant, now, kept=self.kept)

    def note_reading(self, caller: Principal, deed: Deed, about: About) -> None:
        """That the caller looked is in the audit log, once an hour."""
        key = f"{caller.tenant}\n{caller.role}\n{caller.key_id}\n{caller.user}\n{deed}\n{about.id}"
        if not self.noted.get(key):
            self.noted.keep(key, True)
            self.store.note_reading(deed, self.clock(), by=caller, about=about)


def _context(request: Request) -> Context:
    found: Context = request.app.state.context
    return found


InContext = Annotated[Context, Depends(_context)]
"""The type of an endpoint's parameter that receives the context."""
