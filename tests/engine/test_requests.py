"""A request is checked whole, and what it gets wrong is answered with what exists."""

import pytest

from engine.curriculum import Activity, Curriculum, Skill
from engine.errors import InvalidInput
from engine.requests import INTENTS, Request


def faults(request, curriculum):
    with pytest.raises(InvalidInput) as caught:
        request.checked(curriculum)
    return {fault.place: fault for fault in caught.value.faults}


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_is_understood(course, intent):
    assert Request(intent=intent, minutes=0, goal="slope").checked(course).intent == intent


def test_everything_wrong_is_named_at_once(course):
    request = Request(
        intent="play",
        n=11,
        objective="algebra",
        goal="calculus",
        minutes=float("nan"),
        modality=("video", "opera"),
        exclude=("slope-video", "nothing"),
    )
    found = faults(request, course)
    assert {place: fault.value for place, fault in found.items()} == {
        "intent": "play",
        "n": "11",
        "objective": "algebra",
        "goal": "calculus",
        "minutes": "nan",
        "modality": "opera",
        "exclude": "nothing",
    }


def test_the_message_says_what_exists(course):
    found = faults(Request(objective="algebra", modality=("opera",)), course)
    assert "rates, basics" in found["objective"].expected
    assert "video" in found["modality"].expected


def test_a_long_list_of_what_exists_is_cut_short():
    course = Curriculum.of(
        skills=[Skill("a")], activities=[Activity(f"a{n}", ("a",)) for n in range(50)]
    )
    assert "and 30 more" in faults(Request(exclude=("b",)), course)["exclude"].expected


@pytest.mark.parametrize("minutes", [-1, float("inf"), 10**400])
def test_minutes_are_a_sensible_number(course, minutes):
    assert "minutes" in faults(Request(minutes=minutes), course)


@pytest.mark.parametrize("n", [0, 11, 2.5])
def test_n_is_a_whole_number_from_1_to_10(course, n):
    assert "n" in faults(Request(n=n), course)
