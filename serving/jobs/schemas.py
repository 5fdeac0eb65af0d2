"""Jobs as they are asked for and looked up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from ..fields import Sent


class SnapshotRequest(Sent):
    """A snapshot of what is believed of everybody."""

    day: date | None = Field(None, description="The day it is kept under; today if absent.")


class Job(BaseModel):
    """Long work, and what came of it."""

    id: str
    kind: Literal["import-events", "snapshot"]
    state: Literal["queued", "running", "done", "failed"]
    created_at: datetime
    changed_at: datetime
    result: dict[str, Any] | None = Field(
        description="Of an import: how many rows went which way, and of the first thousand that "
        "were not kept the row, id and reason. Of a snapshot: its day, rows and file."
    )
