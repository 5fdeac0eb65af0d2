"""Facts as callers put them, and as they are given back."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from engine.workshops import MOST_SEATS

from ..fields import MAX_REFERENCES, Flag, Id, Number, Sent, Text, Whole
from ..fields import Ids as AnyIds
from ..identifiers import MAX_LENGTH
from ..problems import shown

MAX_MINUTES = 24 * 60
Level = Literal["support", "on-level", "advanced"]
ADDED = frozenset({"version", "updated_at"})


def _each_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    twice = [id for id, count in Counter(ids).items() if count > 1]
    if twice:
        raise ValueError(f"each id once: {shown(twice[0])} is named again")
    return ids


Ids = Annotated[AnyIds, AfterValidator(_each_once), Field(json_schema_extra={"uniqueItems": True})]
Skills = Annotated[Ids, Field(min_length=1)]
UserName = Annotated[Text, StringConstraints(max_length=MAX_LENGTH)]


class Put(Sent):
    """Base of every fact put. What the server adds may be sent back, so that a fact can be read,
    changed and put again."""

    id: Id | None = Field(None, description="May be left out; else the id in the address.")

    @model_validator(mode="before")
    @classmethod
    def _without_additions(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: field for name, field in value.items() if name not in ADDED}


class Skill(Put):
    """Something a student can master, and the skills it builds on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Ratios", "prerequisites": ["fractions"]}]}
    )
    name: Text = ""
    prerequisites: Ids = ()


class Objective(Put):
    """What a class works towards together."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Reason with ratios", "skills": ["ratios"]}]}
    )
    name: Text = ""
    skills: Skills


class Item(Put):
    """A question, and the skills it needs."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"skills": ["ratios"]}]})
    name: Text = ""
    skills: Skills


class Activity(Put):
    """Something a student can do: a video, an exercise, a text, a workshop with the teacher."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Mixing paint",
                    "skills": ["ratios"],
                    "modality": "video",
                    "level": "support",
                    "minutes": 6,
                }
            ]
        }
    )
    name: Text = ""
    skills: Skills
    modality: Id = "exercise"
    level: Level = "on-level"
    method: Text = Field("", description="How it teaches: guided practice, project, mentoring …")
    topics: Ids = Field((), description="What it is about, for students who like that.")
    minutes: Number = Field(10.0, gt=0, le=MAX_MINUTES, description="How long it usually takes.")
    teacher_led: Flag = False
    assesses: Flag = Field(False, description="A check whose answers count as an assessment.")
    items: Ids = Field((), description="The questions it asks; none: it only teaches.")
    tools: Ids = Field((), description="What must be at hand to do it: a tablet, a balance …")
    seats: Whole | None = Field(
        None,
        ge=1,
        le=MOST_SEATS,
        description="How many can take part at a time; it is then held in workshops. Null: any.",
    )


class Student(Put):
    """A student. The name is shown to themselves, their teachers and their family."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Ana", "family": ["mrs-alvarez"]}]}
    )
    name: Text = ""
    family: Ids = Field((), description="User names of those at home who see how they do.")
    interests: Ids = Field((), description="Topics they chose: said by them, never inferred.")
    tools: Ids | None = Field(
        None, description="What they have at hand; null: what their classes have."
    )


class Enrolment(Sent):
    """From when until when a student sits in a class, both days included."""

    student: Id
    from_: date | None = Field(None, alias="from", description="Null: since ever.")
    until: date | None = Field(None, description="Null: for now.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ is not None and self.until is not None and self.from_ > self.until:
            raise ValueError("`from` not after `until`")
        return self


class Class(Put):
    """A class: its teachers' user names and its students' ids."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "7b",
                    "teacher": "ms-rivera",
                    "students": ["ana", "ben"],
                    "enrolments": [{"student": "ben", "from": "2026-09-14", "until": None}],
                }
            ]
        }
    )
    name: Text = ""
    teacher: UserName = Field("", description="Their user name; empty: nobody's yet.")
    co_teachers: Ids = Field((), description="User names of those who teach it with them.")
    students: Ids = ()
    enrolments: tuple[Enrolment, ...] = Field(
        (),
        max_length=MAX_REFERENCES,
        description="Days for students who come later or leave earlier; the others are there as "
        "long as `students` names them. Teachers reach a student only while enrolled.",
    )
    tools: Ids | None = Field(
        None, description="What is at hand in it; null: nobody has said, and nothing is missing."
    )

    @model_validator(mode="after")
    def _of_students(self) -> Self:
        strangers = {stay.student for stay in self.enrolments} - set(self.students)
        if strangers:
            raise ValueError(
                f"students in `enrolments` who are in `students`: not {min(strangers)}"
            )
        return self


class Kept(BaseModel):
    """What the server adds to a fact."""

    version: int = Field(description="1 when first put, one more with every change.")
    updated_at: datetime


class StoredSkill(Skill, Kept):
    """A skill under its id."""


class StoredObjective(Objective, Kept):
    """An objective under its id."""


class StoredItem(Item, Kept):
    """An item under its id."""


class StoredActivity(Activity, Kept):
    """An activity under its id."""


class StoredStudent(Student, Kept):
    """A student under their id."""


class StoredClass(Class, Kept):
    """A class under its id."""


Fact = TypeVar("Fact", bound=Kept)


class Listing(BaseModel, Generic[Fact]):
    """One page of facts, in the order of their ids."""

    results: list[Fact]
    next: str | None = Field(description="Pass it as `after` for the next page; null at the end.")
