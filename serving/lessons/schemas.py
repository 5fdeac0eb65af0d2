"""A class's policy, the advice on its approach, and the plan of a lesson."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..facts.schemas import Ids, Kept
from ..fields import Flag, Id, Number, Sent
from ..recommendations.schemas import Decided

MOST_MINUTES = 24 * 60
Approach = Literal["differentiated", "blend", "personalized"]


class Policy(Sent):
    """How a class works, and what the advice on its approach goes by.

    Objectives in `differentiated` are worked on in tiers with the whole class, those in `personal`
    by each student alone; `tiered_share` is the share of a lesson that belongs to groups. What
    nobody knows is left out.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"differentiated": ["ratios-and-rates"], "tiered_share": 0.6, "devices": 0.5}
            ]
        }
    )
    differentiated: Ids = ()
    personal: Ids = ()
    tiered_share: Number = Field(0.5, ge=0, le=1)
    adults: Number = Field(1.0, ge=0.25, le=100, description="In the room, as a rule.")
    devices: Number | None = Field(None, ge=0, le=1, description="For each student.")
    independence: Number | None = Field(
        None, ge=0, le=1, description="Starts unprompted, finishes, uses help sensibly."
    )
    age: Number | None = Field(None, ge=3, le=120)
    fixed_curriculum: Flag = False
    preparation: Number | None = Field(None, ge=0, le=10_000, description="Minutes a week.")


class StoredPolicy(Policy, Kept):
    """A class's policy; version 0 where nobody has set one."""

    model_config = ConfigDict(populate_by_name=True)
    class_: str = Field(alias="class")


class Term(BaseModel):
    """One step of the formula: the input, what it did, and the personal share after it."""

    input: str
    step: str
    share: float


class WouldChange(BaseModel):
    """What would change the advice: this input at this value, all else as it is."""

    input: str
    value: float | bool
    approach: Approach


class Habit(BaseModel):
    """A share that the log shows, and how many occasions it rests on."""

    share: float
    occasions: int


class Independence(BaseModel):
    """What the class's independence is the mean of; what is not known is null and left out."""

    started: Habit | None = Field(None, description="Days begun while the class was not at work.")
    finished: Habit | None = Field(None, description="Activities begun that were finished.")
    help: Habit | None = Field(None, description="Help taken when needed, and to some use.")
    rating: float | None = Field(description="The teacher's own, from the class's policy.")


class Advice(BaseModel):
    """Which approach fits the class, with every number behind it. The teacher decides."""

    class_: str = Field(alias="class")
    objective: str
    approach: Approach
    personal_share: float = Field(description="Share of time for personal learning.")
    judgement: str = Field(description="What the formula is, and is not.")
    conditions: dict[str, Any] = Field(description="The inputs; null: nobody knows.")
    independence: Independence = Field(description="Where that input comes from.")
    terms: list[Term]
    assumed: list[str] = Field(description="What was taken where nobody knows.")
    would_change: list[WouldChange]


class Asked(BaseModel):
    """What was asked for."""

    objective: str
    minutes: float
    grouping: str | None


class SessionRequest(Sent):
    """A lesson of so many minutes on an objective, or with groups made before."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"objective": "ratios-and-rates", "minutes": 45}]}
    )
    minutes: Number = Field(ge=0, le=MOST_MINUTES)
    objective: Id | None = Field(None, description="Or that of the grouping.")
    grouping: Id | None = Field(None, description="Groups to work in; by need, now, if absent.")


class Task(BaseModel):
    """What some students do: an activity, or what the teacher gives them where there is none."""

    students: list[str]
    group: int | None
    activity: str | None
    minutes: float
    with_teacher: bool


class Block(BaseModel):
    """A stretch of the lesson."""

    kind: Literal["together", "groups", "personal", "check"]
    start: float
    minutes: float
    tasks: list[Task]
    teacher: int | None = Field(description="The group where the teacher is; null: with all.")
    teach: str | None = Field(description="The skill to teach there.")


class TaskOutcome(BaseModel):
    """What came of a task: answers in its activity within a day of the plan."""

    block: int = Field(description="The number of its block in the plan, from 0.")
    activity: str
    students: int
    did: int = Field(description="How many of them have answered in it.")
    answers: int
    right: float | None = Field(description="The share right; null without answers.")


class SessionPlan(Decided):
    """Who does what when, and where the teacher goes: as it was decided and stored."""

    class_: str = Field(alias="class")
    objective: str
    grouping: str | None
    status: Literal["ok", "too_short", "nobody"]
    minutes: float
    tiered_share: float
    blocks: list[Block]
    without_material: list[int] = Field(description="Groups for whom the catalogue has nothing.")
    without_tools: dict[str, list[str]] = Field(
        description="Activities left out, and what each needs that is not at hand in the class."
    )
    request: Asked
    class_policy: dict[str, Any] = Field(description="How the class worked then.")
    basis: dict[str, Any] = Field(
        description="Where the facts stood: curriculum, versions, and each student's log."
    )
    outcome: list[TaskOutcome] = Field(description="What has come of it since.")
