from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from threading import Barrier, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.store import BulkTally, NewEvent, Outcome, Store
from engine.errors import Conflict, InvalidInput
from engine.responses import Response

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
TENANTS = count()  # a fresh one for every example


@pytest.fixture
def school(store: Store) -> Store:
    """A store whose tenant `t` has three skills and an item on two of them."""
    store.put_many("t", "skills", [{"id": "a"}, {"id": "b"}, {"id": "c"}], now=NOW)
    store.put("t", "items", "q", {"skills": ["b", "a"]}, now=NOW)
    return store


def answer(id, student="ana", *, minutes=0, **fields):
    at = NOW - timedelta(days=1) + timedelta(minutes=minutes)
    return NewEvent(id, student, **{"skills": ("a",), "correct": 1, "occurred_at": at, **fields})


def statuses(outcomes):
    return [outcome.status for outcome in outcomes]


def ids(store, student="ana", **options):
    return [response.id for response in store.responses("t", [student], **options)[student]]


def test_an_answer_reads_back_as_a_response(school):
    sent = answer("e1", skills=None, item="q", activity="quiz", correct=0.5)
    assert school.append("t", [sent], NOW) == [Outcome("e1", "accepted")]
    assert school.responses("t", ["ana"]) == {
        "ana": [Response("e1", "ana", ("a", "b"), 0.5, sent.occurred_at, "q", "quiz")]
    }


def test_nothing_sent_is_nothing_kept(school):
    assert school.append("t", [], NOW) == []
    assert school.append_many("t", [], NOW) == BulkTally(0, 0, 0, 0)


def test_the_same_again_is_a_duplicate(school):
    school.append("t", [answer("e1")], NOW)
    assert statuses(school.append("t", [answer("e1")], NOW + timedelta(days=9))) == ["duplicate"]
    assert ids(school) == ["e1"]


def test_without_a_time_the_first_arrival_s_is_kept(school):
    sent = answer("e1", occurred_at=None)
    school.append("t", [sent], NOW)
    assert statuses(school.append("t", [sent], NOW + timedelta(hours=1))) == ["duplicate"]
    assert school.responses("t", ["ana"])["ana"][0].occurred_at == NOW


def test_the_same_moment_in_another_time_zone_is_the_same(school):
    sent = answer("e1")
    school.append("t", [sent], NOW)
    elsewhere = sent.occurred_at.astimezone(timezone(timedelta(hours=9)))
    assert statuses(school.append("t", [replace(sent, occurred_at=elsewhere)], NOW)) == [
        "duplicate"
    ]


def test_another_content_under_the_same_id_is_a_conflict_naming_the_fields(school):
    school.append("t", [answer("e1")], NOW)
    (outcome,) = school.append("t", [answer("e1", correct=0, hints=2)], NOW)
    assert outcome.status == "conflict"
    assert "correct, hints" in outcome.reason
    assert school.responses("t", ["ana"])["ana"][0].correct == 1


def test_a_batch_is_held_against_itself_too(school):
    batch = [answer("e1"), answer("e1"), answer("e1", correct=0), answer("e2")]
    expected = ["accepted", "duplicate", "conflict", "accepted"]
    assert statuses(school.append("t", batch, NOW)) == expected
    assert ids(school) == ["e1", "e2"]


def test_one_bad_event_does_not_keep_out_the_others(school):
    batch = [answer("e1", correct=2), answer("e2"), answer("e\0")]
    outcomes = school.append("t", batch, NOW)
    assert statuses(outcomes) == ["rejected", "accepted", "rejected"]
    assert "a number from 0 to 1" in outcomes[0].reason
    assert ids(school) == ["e2"]


def test_tenants_have_their_own_ids(school):
    school.append("t", [answer("e1")], NOW)
    assert statuses(school.append("other", [answer("e1", correct=0)], NOW)) == ["accepted"]
    assert school.last_sequence("other") > school.last_sequence("t") > 0
    assert school.responses("other", ["ana"]) == {"ana": []}  # its curriculum is empty


def test_the_far_future_is_kept_and_not_counted(school):
    tomorrow = answer("near", occurred_at=NOW + timedelta(days=1))
    later = answer("far", occurred_at=NOW + timedelta(days=1, microseconds=1))
    assert statuses(school.append("t", [tomorrow, later], NOW)) == ["accepted", "quarantined"]
    assert ids(school) == ["near"]
    (again,) = school.append("t", [later], NOW + timedelta(days=30))
    assert again.status == "duplicate"
    assert "quarantine" in again.reason


def test_an_unknown_item_counts_as_soon_as_it_is_known(school):
    (outcome,) = school.append("t", [answer("e1", skills=None, item="new")], NOW)
    assert outcome == Outcome("e1", "accepted", "", unmapped=True)
    assert ids(school) == []
    school.put("t", "items", "new", {"skills": ["c"]}, now=NOW)
    assert school.responses("t", ["ana"])["ana"][0].skills == ("c",)


def test_an_answer_to_a_recommendation_that_was_never_made_is_kept_and_marked(school):
    school.save_recommendation("t", "rec_1", {"student": "ana"})
    (outcome,) = school.append("t", [answer("e1", recommendation="rec_0")], NOW)
    assert outcome == Outcome("e1", "accepted", unlinked=True)
    assert ids(school) == ["e1"]
    (right,) = school.append("t", [answer("e2", recommendation="rec_1")], NOW)
    assert not right.unlinked


def test_an_answer_to_somebody_elses_recommendation_is_marked_each_time_it_is_sent(school):
    school.save_recommendation("t", "rec_1", {"student": "ben"})
    for status in ("accepted", "duplicate"):
        (outcome,) = school.append("t", [answer("e1", recommendation="rec_1")], NOW)
        assert (outcome.status, outcome.unlinked) == (status, True)


def test_an_unknown_skill_counts_as_soon_as_it_is_known(school):
    (outcome,) = school.append("t", [answer("e1", skills=("a", "d"))], NOW)
    assert outcome.unmapped
    assert ids(school) == []
    school.put("t", "skills", "d", {}, now=NOW)
    assert ids(school) == ["e1"]


def test_an_item_put_right_puts_its_answers_right(school):
    school.append("t", [answer("e1", skills=None, item="q")], NOW)
    school.put("t", "items", "q", {"skills": ["c"]}, now=NOW)
    assert school.responses("t", ["ana"])["ana"][0].skills == ("c",)


def test_skills_named_by_the_sender_win_over_an_unknown_item(school):
    (outcome,) = school.append("t", [answer("e1", item="unheard of")], NOW)
    assert not outcome.unmapped
    assert ids(school) == ["e1"]


def test_answers_are_ordered_by_time_then_id_whenever_they_arrived(school):
    sent = [
        answer("b", minutes=2),
        answer("z", minutes=1),
        answer("é", minutes=2),
        answer("C++", minutes=2),
    ]
    school.append("t", sent, NOW)
    assert ids(school) == ["z", "C++", "b", "é"]


def test_the_past_can_be_asked_for(school):
    school.append("t", [answer(f"e{n}", minutes=n) for n in range(3)], NOW)
    at_one = answer("", minutes=1).occurred_at
    assert ids(school, as_of=at_one) == ["e0", "e1"]
    assert ids(school, as_of=at_one - timedelta(microseconds=1)) == ["e0"]


def test_a_whole_class_is_asked_for_at_once(school):
    school.append("t", [answer("e1"), answer("e2", "ben"), answer("e3", "cem")], NOW)
    found = school.responses("t", ["ben", "nobody", "ana", "ben"])
    assert {student: len(of) for student, of in found.items()} == {"ben": 1, "nobody": 0, "ana": 1}


def test_a_student_is_known_by_roster_class_or_answers(school):
    school.put_roster("t", [{"id": "listed"}], [{"id": "7a", "students": ["seated"]}], now=NOW)
    school.append("t", [answer("e1", "answering", item="unheard of")], NOW)
    known = ["listed", "seated", "answering", "nobody"]
    assert [school.known_student("t", student) for student in known] == [True, True, True, False]
    assert not school.known_student("other", "answering")


def test_sequences_say_what_is_new(school):
    assert school.last_sequence("t") == 0
    school.append("t", [answer("e1"), answer("e2", "ben"), answer("e3")], NOW)
    last = school.last_sequence("t")
    of_each = school.histories("t", ["ana", "ben", "nobody"])
    newest = {student: history.stamp[1:] for student, history in of_each.items()}
    assert newest == {"ana": (2, last), "ben": (1, last - 1), "nobody": (0, 0)}
    school.append("t", [answer("e3")], NOW)
    assert school.last_sequence("t") == last


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "", "x" * 201])
def test_what_cannot_be_an_id_is_refused_in_a_question_too(school, name):
    for ask in (
        lambda: school.responses("t", [name]),
        lambda: school.known_student("t", name),
        lambda: school.append(name, [answer("e1")], NOW),
    ):
        with pytest.raises(InvalidInput):
            ask()


def test_a_file_s_worth_is_kept_at_once(school):
    sent = [answer(f"e{n}", f"s{n % 50}", minutes=n / 100) for n in range(12_000)]
    assert school.append_many("t", iter(sent), NOW) == BulkTally(12_000, 0, 0, 0)
    assert school.append_many("t", iter(sent), NOW) == BulkTally(0, 12_000, 0, 0)
    assert len(ids(school, "s7")) == 240


def test_a_file_with_a_fault_is_not_kept_at_all(school):
    sent = [answer(f"e{n}") for n in range(6000)]
    with pytest.raises(InvalidInput, match="event bad"):
        school.append_many("t", [*sent, answer("bad", correct=7)], NOW)
    with pytest.raises(Conflict, match=r"event e5: .*correct"):
        school.append_many("t", [*sent, answer("e5", correct=0)], NOW)
    assert school.last_sequence("t") == 0


def test_senders_at_once_cannot_both_have_their_way(school):
    start, outcomes = Barrier(4), []

    def send(correct):
        start.wait()
        for n in range(25):
            outcomes.extend(school.append("t", [answer(f"e{n}", correct=correct)], NOW))

    threads = [Thread(target=send, args=(correct,)) for correct in (0, 0.25, 0.5, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses(outcomes)) == ["accepted"] * 25 + ["conflict"] * 75
    assert len(ids(school)) == 25


deliveries = st.lists(
    st.builds(
        lambda number, correct: answer(f"e{number}", correct=correct, minutes=number),
        st.integers(0, 5),
        st.sampled_from([0, 1]),
    ),
    max_size=12,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deliveries, st.integers(0, 12))
def test_however_deliveries_are_split_the_first_of_each_id_counts(school, sent, cut):
    tenant = f"t{next(TENANTS)}"
    school.put(tenant, "skills", "a", {}, now=NOW)
    school.append(tenant, sent[:cut], NOW)
    school.append(tenant, sent[cut:], NOW)
    first = {event.id: event.correct for event in reversed(sent)}
    kept = school.responses(tenant, ["ana"])["ana"]
    assert {response.id: response.correct for response in kept} == first
    assert [response.id for response in kept] == sorted(first)
