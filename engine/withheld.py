"""Activities on open skills that wait for something other than knowledge: a tool, or a seat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .constraints import Option, missing_tools
from .curriculum import Activity
from .explanation import Code, Count, Reason, note
from .situation import Situation
from .tasks import Task
from .workshops import Place


class Withheld(NamedTuple):
    """An activity that would serve a skill, and the tool it waits for; None where it is a seat."""

    skill: str
    activity: str
    waits_for: str | None
    reason: Reason


STANDINGS = {
    "full": Code.SEATS_FULL,
    "early": Code.SEAT_EARLY,
    "no_gain": Code.SEAT_NO_GAIN,
    "none": Code.NO_WORKSHOP,
}
"""How a student without a seat stands → the code of its sentence."""


def withheld(situation: Situation, tasks: Sequence[Task]) -> Iterator[Withheld]:
    """Each activity for one of the tasks that only a tool or a seat is missing for, once, in
    catalogue order."""
    wanted = {task.skill: task for task in reversed(tasks)}
    for activity in situation.curriculum.restricted if wanted else ():
        skill = next((one for one in activity.skills if one in wanted), None)
        if skill is not None:
            yield from _of_activity(situation, Option(wanted[skill], activity))


def _of_activity(situation: Situation, option: Option) -> Iterator[Withheld]:
    task, activity = option
    missing = missing_tools(situation, option)
    if missing:
        facts = {"activity": activity.name or activity.id, "tools": ", ".join(missing)}
        reason = note(Code.TOOL_WANTED, facts)
        yield Withheld(task.skill, activity.id, missing[0], reason)
    elif activity.seats is not None and not situation.is_seated(activity):
        place = situation.places.get(activity.id, Place(activity.id))
        yield Withheld(task.skill, activity.id, None, _without_seat(activity, place))


def _without_seat(activity: Activity, place: Place) -> Reason:
    facts = {
        "activity": activity.name or activity.id,
        "seats": Count(place.seats),
        "at": place.spoken(place.starts),
    }
    return note(STANDINGS[place.standing], facts)
