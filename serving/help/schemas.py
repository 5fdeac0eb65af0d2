"""A request for help as it is sent, and as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..facts.schemas import Kept, UserName
from ..fields import Id, Sent, Text

Status = Literal["open", "answered"]


class HelpRequest(Sent):
    """What a student needs help with, in their own words if they like."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"skill": "ratios", "message": "Where do I begin?"}]}
    )
    id: Id | None = Field(None, description="Your own id: asking again changes nothing.")
    skill: Id | None = None
    activity: Id | None = None
    message: Text = ""
    by: UserName = Field("", description="Who asks, where a platform speaks for the student.")


class HelpAnswer(Sent):
    """That it was looked after, and what was said."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"answer": "Let us look at it"}]})
    answer: Text = ""


class StoredHelp(Kept):
    """A request for help, and what became of it. One that was withdrawn is gone."""

    id: str
    student: str
    skill: str | None
    activity: str | None
    message: str
    by: str
    asked_at: datetime
    status: Status
    answer: str
    answered_by: str
    answered_at: datetime | None


class HelpList(BaseModel):
    """Requests for help, the oldest first."""

    results: list[StoredHelp]
