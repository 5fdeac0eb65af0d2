from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from data.store import NewEvent
from data.store.events import arrival_of, counted_skills, differences, event_faults
from data.store.instants import instant, microseconds
from engine.curriculum import Curriculum, Item, Skill

AT = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
FINE = NewEvent("e1", "ana", skills=("ratio",), correct=1, occurred_at=AT)
COURSE = Curriculum.of(
    skills=[Skill("a"), Skill("b")], items=[Item("q", ("b", "a")), Item("r", ("a",))]
)


@pytest.mark.parametrize(
    "event",
    [
        FINE,
        replace(FINE, skills=None, item="Volume (3D)"),
        replace(FINE, correct=0.25),
        replace(FINE, correct=True),
        replace(FINE, occurred_at=None),
        replace(FINE, response_ms=0, hints=0, attempt=1, session="s"),
        replace(FINE, voids="e0", sent_at=AT),
        NewEvent("v1", "ana", voids="e1"),
    ],
)
def test_a_whole_event_has_no_faults(event):
    assert not event_faults(event)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", ""),
        ("id", "a\0b"),
        ("student", None),
        ("student", "x" * 201),
        ("skills", ()),
        ("skills", None),
        ("skills", ("a~~b",)),
        ("skills", ("",)),
        ("item", ""),
        ("session", "\ud800"),
        ("correct", float("nan")),
        ("correct", 1.0001),
        ("correct", -1),
        ("correct", "1"),
        ("correct", None),
        ("hints", -1),
        ("hints", 1.5),
        ("attempt", True),
        ("response_ms", 2**80),
        ("skills", "ratio"),
        ("voids", ""),
        ("voids", "e1"),
        ("sent_at", datetime(2026, 9, 1)),  # noqa: DTZ001
        ("occurred_at", datetime(2026, 9, 1)),  # noqa: DTZ001
        ("occurred_at", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
    ],
)
def test_what_is_wrong_is_named(field, value):
    assert [fault.place for fault in event_faults(replace(FINE, **{field: value}))] == [field]


def test_all_that_is_wrong_is_named_at_once():
    wrong = replace(FINE, id="", correct=7, hints=-1)
    assert [fault.place for fault in event_faults(wrong)] == ["id", "correct", "hints"]


def test_skills_are_a_set():
    one = arrival_of(replace(FINE, skills=("b", "a", "b")), "t", 0)
    assert differences(one, arrival_of(replace(FINE, skills=("a", "b")), "t", 0)) == []


def test_a_number_is_the_same_however_it_is_written():
    assert (
        differences(arrival_of(FINE, "t", 0), arrival_of(replace(FINE, correct=1.0), "t", 0)) == []
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("student", "ben"),
        ("skills", ("ratio", "fraction")),
        ("item", "q"),
        ("correct", 0),
        ("occurred_at", None),
        ("occurred_at", datetime(2026, 9, 1, 8, 30, 0, 1, tzinfo=UTC)),
        ("voids", "e0"),
        ("activity", "a"),
        ("recommendation", "r"),
        ("class_id", "7a"),
        ("session", "s"),
        ("response_ms", 1),
        ("hints", 0),
        ("attempt", 1),
    ],
)
def test_every_field_the_sender_fills_is_compared(field, value):
    other = arrival_of(replace(FINE, **{field: value}), "t", 0)
    assert differences(other, arrival_of(FINE, "t", 0)) == [field]
    assert differences(arrival_of(FINE, "t", 0), other) == [field]


def test_events_without_a_time_are_the_same_whenever_they_arrive():
    undated = replace(FINE, occurred_at=None)
    assert differences(arrival_of(undated, "t", 1), arrival_of(undated, "t", 2)) == []


@pytest.mark.parametrize(
    ("named", "item", "skills"),
    [
        ('["a"]', None, ("a",)),
        ('["a"]', "q", ("a",)),
        (None, "q", ("a", "b")),
        (None, "unknown", None),
        ('["a","unknown"]', None, None),
    ],
)
def test_an_event_counts_for_the_skills_it_names_or_else_for_its_item_s(named, item, skills):
    assert counted_skills(named, item, COURSE) == skills


@pytest.mark.parametrize("off", [timedelta(hours=-7), timedelta(minutes=61), timedelta(days=400)])
def test_a_device_s_clock_is_put_right_by_what_it_said_on_sending(off):
    device = replace(FINE, occurred_at=AT + off, sent_at=AT + timedelta(minutes=30) + off)
    arrival = arrival_of(device, "t", microseconds(AT + timedelta(minutes=30)))
    assert instant(arrival.occurred_at) == AT
    assert not arrival.quarantined


def test_the_seconds_that_a_message_travels_are_no_wrong_clock():
    late = microseconds(AT + timedelta(seconds=59))
    assert arrival_of(replace(FINE, sent_at=AT), "t", late).occurred_at == microseconds(AT)


def test_the_same_event_sent_again_is_the_same_whatever_the_clock_was_put_right_by():
    first = arrival_of(replace(FINE, sent_at=AT), "t", microseconds(AT + timedelta(hours=2)))
    again = arrival_of(replace(FINE, sent_at=AT), "t", microseconds(AT + timedelta(hours=3)))
    assert first.occurred_at != again.occurred_at
    assert differences(first, again) == []


def test_a_clock_cannot_move_an_event_out_of_time():
    odd = replace(
        FINE,
        occurred_at=datetime(9999, 12, 31, tzinfo=UTC),
        sent_at=datetime(2000, 1, 1, tzinfo=UTC),
    )
    assert arrival_of(odd, "t", microseconds(AT)).quarantined
