"""An answer as it arrives, and what became of it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from engine.errors import Fault
from engine.responses import SKILL_SEPARATOR

from .identifiers import id_faults
from .instants import microseconds

FUTURE_ALLOWED = timedelta(days=1)  # a device clock may be off by a time zone, hardly by more
MOST_MILLISECONDS = 2**53  # beyond it JSON readers lose whole numbers
MOST_COUNTED = 2**31 - 1  # what a database integer holds everywhere

Row = dict[str, Any]
Status = Literal["accepted", "duplicate", "conflict", "quarantined", "rejected"]

SERVER_FIELDS = ("tenant", "received_at", "quarantined", "dated")
"""What the server adds to an event: no part of what two deliveries are compared by."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One answer as a sender delivers it. `correct` is 0, 1, or a fraction for partial credit.

    It names its `skills`, or the `item` whose skills the curriculum knows; skills named here win.
    `occurred_at` carries a time zone; None stands for the time of arrival. `class_id`, `session`,
    `activity` and the `recommendation` it answers are ids; `hints` and `attempt` are counts.
    """

    id: str
    student: str
    skills: tuple[str, ...] | None = None
    item: str | None = None
    correct: float = math.nan
    occurred_at: datetime | None = None
    activity: str | None = None
    recommendation: str | None = None
    class_id: str | None = None
    session: str | None = None
    response_ms: int | None = None
    hints: int | None = None
    attempt: int | None = None


class Outcome(NamedTuple):
    """What became of one delivered event.

    accepted: kept, and counts. duplicate: already kept, word for word. conflict: another content
    is already kept under this id. quarantined: kept, but too far in the future to count.
    rejected: not kept, and `reason` says why. `unmapped`: it counts once the curriculum knows its
    item and skills.
    """

    id: str
    status: Status
    reason: str = ""
    unmapped: bool = False
