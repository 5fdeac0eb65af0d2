"""Seats go where they change most, and nobody is offered a seat that is not theirs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.beliefs import student_beliefs
from engine.chance import Chance
from engine.curriculum import Activity, Curriculum, Item, Skill
from engine.errors import InvalidInput
from engine.policy import recommend
from engine.requests import Request
from engine.workshop_gains import workshop_gain
from engine.workshops import Gain, Place, Workshop, seated_first, soonest

WORKSHOP = "fraction-seats"
TERM = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def course(course):
    """The tiny course with a workshop of two seats, and an activity that needs a balance."""
    more = [
        Activity(WORKSHOP, ("fraction",), modality="workshop", teacher_led=True, seats=2),
        Activity("fraction-balance", ("fraction",), items=("fraction-1",), tools=("balance",)),
    ]
    return Curriculum.of(
        skills=course.skills.values(),
        objectives=course.objectives.values(),
        items=course.items.values(),
        activities=[*course.activities.values(), *more],
    )


@pytest.fixture
def decided(course, bundle, answered):
    def decided(answers, *, course=course, places=(), **request):
        return recommend(
            course,
            student_beliefs(answered(answers), bundle, course.skills),
            history=[],
            bundle=bundle,
            request=Request(**request),
            chance=Chance("ana", 0),
            places=places,
        )

    return decided


def held(**changes):
    return Place(
        WORKSHOP, "w1", "seated", 2, "2026-09-01T09:00:00+00:00", "2026-09-01T10:00:00+00:00"
    )._replace(**changes)


def offered(decision):
    return [one.activity for one in decision.candidates]


def waits(decision):
    return {b.activity: (b.code, b.waits_for) for b in decision.blocked if b.activity}


def test_a_seat_puts_the_workshop_on_the_slate_without_a_teacher_being_asked_for(decided):
    found = decided({}, places=[held()])
    assert WORKSHOP in offered(found)
    reasons = next(c for c in found.candidates if c.activity == WORKSHOP).reasons
    assert "seat_kept" in [one.code for one in reasons]
    assert "asks_nothing" not in [one.code for one in reasons]


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        ("full", "seats_full"),
        ("early", "seat_early"),
        ("no_gain", "seat_no_gain"),
        ("none", "no_workshop"),
    ],
)
def test_without_a_seat_it_is_not_offered_even_with_a_teacher_and_the_reason_is_named(
    decided, standing, code
):
    found = decided({}, places=[held(standing=standing)], teacher_available=True)
    assert WORKSHOP not in offered(found)
    assert waits(found)[WORKSHOP] == (code, None)


def test_a_kept_seat_is_offered_even_where_three_other_skills_come_first(decided, course):
    ahead = [f"x{n}" for n in range(8)]
    more = Curriculum.of(
        skills=[*map(Skill, ahead), *course.skills.values()],
        items=[*course.items.values(), *(Item(f"about-{one}", (one,)) for one in ahead)],
        activities=[
            *course.activities.values(),
            *(Activity(f"do-{one}", (one,), items=(f"about-{one}",)) for one in ahead),
        ],
    )
    for n in (2, 3, 6):
        assert WORKSHOP in offered(decided({}, course=more, places=[held()], n=n))
    assert len(offered(decided({}, course=more, places=[held()], n=1))) == 1


def test_who_gains_more_by_something_else_is_given_no_seat():
    gains = {"ana": Gain(0.1, 0.2), "ben": Gain(0.1, 0.1), "cy": Gain(0.0, 0.0)}
    assert seated_first(gains, workshop="w", free=3) == ["ben"]


def test_of_whom_nothing_is_known_no_seat_is_assumed(decided):
    assert waits(decided({}))[WORKSHOP] == ("no_workshop", None)


def test_a_missing_tool_is_named_and_what_nobody_said_is_not_missing(decided):
    assert waits(decided({}, tools=("tablet",)))["fraction-balance"] == ("tool_wanted", "balance")
    for tools in (None, ("tablet", "balance")):
        assert "fraction-balance" not in waits(decided({}, tools=tools))


def test_tools_that_are_missing_for_everything_leave_nothing_and_say_so(decided):
    exclude = tuple(f"fraction-{kind}" for kind in ("video", "steps", "practice", "challenge"))
    found = decided({}, tools=(), exclude=(*exclude, "fraction-quiz"), objective="basics")
    assert found.status in ("nothing_available", "needs_teacher")
    assert {"tools_missing", "no_seat"} & {reason.code for reason in found.reasons}


def test_only_the_difficulty_asked_for_is_offered(decided, course):
    found = decided({}, difficulty=("support",), n=10)
    assert {course.activities[one].level for one in offered(found)} == {"support"}


def test_what_is_gained_is_what_is_lacked_times_how_often_it_is_taught(situation, course):
    activity = course.activities[WORKSHOP]
    low, high = situation({"fraction": "0"}), situation({"fraction": "11"})
    rate = low.parameters("fraction").learn
    assert workshop_gain(low, activity).workshop == pytest.approx(
        rate * (1 - low.mastery("fraction"))
    )
    assert workshop_gain(low, activity).workshop > workshop_gain(high, activity).workshop


def test_nothing_is_gained_where_the_skill_is_shut_or_secure(situation, course):
    shut = replace(course.activities[WORKSHOP], skills=("slope",))
    assert workshop_gain(situation({}), shut).workshop == 0.0
    secure = situation({"fraction": "1" * 12})
    assert workshop_gain(secure, course.activities[WORKSHOP]).workshop == 0.0


def test_the_alternative_is_the_best_that_needs_no_seat_no_teacher_and_no_missing_tool(
    situation, course
):
    gain = workshop_gain(situation({}), course.activities[WORKSHOP])
    assert gain.alternative == pytest.approx(gain.workshop)  # the same rate: nothing to choose


def test_seats_follow_the_gain_over_the_alternative_not_the_gain(course):
    gains = {"ana": Gain(0.5, 0.45), "ben": Gain(0.3, 0.1), "cy": Gain(0.2, 0.2)}
    assert seated_first(gains, workshop="w", free=1) == ["ben"]
    assert seated_first(gains, workshop="w", free=2) == ["ben", "ana"]
    assert seated_first(gains, workshop="w", free=0) == []


def test_no_name_comes_first_where_all_gain_alike():
    gains = {f"s{n:02}": Gain(0.2, 0.1) for n in range(40)}
    firsts = {seated_first(gains, workshop=f"w{n}", free=1)[0] for n in range(30)}
    assert len(firsts) > 10
    backwards = dict(reversed(gains.items()))
    assert seated_first(gains, workshop="w", free=9) == seated_first(
        backwards, workshop="w", free=9
    )


@pytest.fixture
def workshop():
    return Workshop("w1", "7b", WORKSHOP, TERM, TERM + timedelta(hours=1))


def test_seats_are_given_out_from_a_quarter_of_an_hour_before_to_the_end(workshop):
    def is_open(minutes):
        return workshop.is_open(TERM + timedelta(minutes=minutes))

    assert [is_open(m) for m in (-16, -15, 0, 59, 60)] == [False, True, True, True, False]


def test_a_workshop_has_as_many_seats_as_its_activity_unless_it_says_otherwise(workshop, course):
    assert workshop.checked(course).capacity(course) == 2
    assert replace(workshop, seats=7).capacity(course) == 7


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"activity": "nobody"}, "activity"),
        ({"activity": "fraction-video"}, "activity"),
        ({"seats": 0}, "seats"),
        ({"ends_at": None}, "ends_at"),
    ],
)
def test_a_workshop_that_cannot_be_held_is_refused_by_name(workshop, course, changes, place):
    changes = {k: workshop.starts_at if k == "ends_at" else v for k, v in changes.items()}
    with pytest.raises(InvalidInput) as refused:
        replace(workshop, **changes).checked(course)
    assert [fault.place for fault in refused.value.faults] == [place]


def test_of_several_times_those_not_over_count_the_soonest_first(workshop):
    later = replace(
        workshop, id="w2", starts_at=TERM + timedelta(days=1), ends_at=TERM + timedelta(days=2)
    )
    found = soonest([later, workshop], activity=WORKSHOP, now=TERM + timedelta(hours=1))
    assert [one.id for one in found] == ["w2"]
