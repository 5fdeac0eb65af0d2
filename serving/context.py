"""What every request can reach: the store, the model in force, the clock and the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from data.store import Store

from .answers import Reading
from .champion import Champion
from .kept import KeptBeliefs
from .metrics import Metrics
from .settings import Settings

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

    def reading(self, tenant: str) -> Reading:
        """A tenant's facts under the model in force. Raises `Unavailable` without a model."""
        bundle, now = self.champion.bundle(), self.clock()
        return Reading(self.store, bundle, tenant, now, kept=self.kept)


def _context(request: Request) -> Context:
    found: Context = request.app.state.context
    return found


InContext = Annotated[Context, Depends(_context)]
"""The type of an endpoint's parameter that receives the context."""
