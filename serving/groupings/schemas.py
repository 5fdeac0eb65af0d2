"""How a class is to be grouped, and the groups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ..fields import Id, Sent
from ..recommendations.schemas import Decided, Reason


def _offered(value: Any) -> Any:
    """`mixed`, `pairs` and `manual` have a name already, and no answer yet."""
    if value != "need":
        raise ValueError("need: the only kind of grouping offered so far")
    return value


class GroupingRequest(Sent):
    """The objective the class works on, and the kind of groups."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"objective": "ratios-and-rates", "kind": "need"}]}
    )
    objective: Id
    kind: Annotated[Literal["need"], BeforeValidator(_offered)] = "need"


class SeatedStudent(BaseModel):
    """A student in a tier, with the probability of each tier: support, on-level, advanced."""

    student: str
    probabilities: tuple[float, float, float]
    reasons: list[Reason]
    provisional: bool = Field(description="Seated on level for want of evidence.")
    diagnostic: str | None = Field(description="The activity that would tell most.")


class UnplacedStudent(BaseModel):
    """A student of whom nothing is known on the objective."""

    student: str
    reasons: list[Reason]
    diagnostic: str | None


class Group(BaseModel):
    """A tier: who is in it, what they need most, and activities by modality."""

    tier: Literal["support", "on-level", "advanced"]
    students: list[SeatedStudent]
    focus: list[str]
    activities: dict[str, list[str]]


class Grouping(Decided):
    """A grouping, as it was decided and stored."""

    class_: str = Field(alias="class")
    kind: Literal["need"]
    objective: str
    groups: list[Group]
    unplaced: list[UnplacedStudent]
