"""A workshop as a teacher sets it, and as it stands with its seats."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from engine.workshops import MOST_SEATS

from ..facts.schemas import Kept, Put
from ..fields import Id, Instant, Whole


class Workshop(Put):
    """A time at which a class can do an activity that has few seats.

    The class stays: at another class's time it is another workshop.
    """

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "class": "7b",
                    "activity": "ratio-workshop",
                    "starts_at": "2026-12-18T09:00:00Z",
                    "ends_at": "2026-12-18T09:30:00Z",
                    "seats": 5,
                }
            ]
        },
    )
    class_: Id = Field(alias="class")
    activity: Id = Field(description="One that says how many `seats` it has.")
    starts_at: Instant
    ends_at: Instant
    seats: Whole | None = Field(
        None, ge=1, le=MOST_SEATS, description="This time; as many as the activity says if absent."
    )


class Seat(BaseModel):
    """Who has a seat, and why: the gain it went by, or a teacher's word."""

    student: str
    gain: float | None = Field(
        description="P(mastered) that the workshop should add; null where a teacher gave the seat."
    )
    alternative: float | None = Field(description="The same of the best other thing to do.")
    by: str = Field(description="Who gave it; empty: it went to the largest gain.")
    at: datetime


class StoredWorkshop(Workshop, Kept):
    """A workshop, and who has its seats: never more than there are."""

    by: str
    capacity: int = Field(description="How many can take part.")
    free: int
    taken: list[Seat]
    given_up: list[str] = Field(description="Students who gave a seat up: none is kept for them.")
