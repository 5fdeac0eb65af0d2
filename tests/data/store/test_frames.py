from datetime import UTC, datetime, timedelta

from data.store import NewEvent

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
COLUMNS = ["student", "skill", "correct", "item", "time", "event", "class", "activity"]


def test_an_empty_log_is_a_table_with_the_same_columns_and_types(store):
    empty = store.all_responses_frame("t")
    store.append("t", [NewEvent("e1", "ana", ("a",), "q", 1, NOW, "quiz", class_id="7a")], NOW)
    full = store.all_responses_frame("t")
    assert list(empty.columns) == list(full.columns) == COLUMNS
    assert list(empty.dtypes) == list(full.dtypes)
    assert (len(empty), len(full)) == (0, 1)


def test_every_answer_is_a_row_ordered_by_student_and_time(store):
    store.put_many("t", "skills", [{"id": "a"}, {"id": "b"}], now=NOW)
    store.put("t", "items", "q", {"skills": ["b", "a"]}, now=NOW)
    sent = [
        NewEvent("e1", "ben", item="q", correct=0.5, class_id="7a"),
        NewEvent("e2", "ana", ("b",), correct=1, activity="quiz"),
        NewEvent("e3", "ana", ("a",), correct=0, occurred_at=NOW - timedelta(hours=1)),
    ]
    store.append("t", sent, NOW)
    frame = store.all_responses_frame("t")
    assert frame[["event", "student", "skill", "correct"]].values.tolist() == [
        ["e3", "ana", "a", 0.0],
        ["e2", "ana", "b", 1.0],
        ["e1", "ben", "a~~b", 0.5],
    ]
    assert frame["item"].isna().tolist() == [True, True, False]
    assert frame["time"].iloc[1].to_pydatetime() == NOW


def test_skills_count_for_training_before_there_is_a_curriculum_unknown_items_do_not(store):
    sent = [
        NewEvent("e1", "ana", ("a",), correct=1),
        NewEvent("e2", "ana", item="unknown", correct=1),
        NewEvent("e3", "ana", ("a",), correct=1, occurred_at=NOW + timedelta(days=9)),
    ]
    store.append("t", sent, NOW)
    assert store.all_responses_frame("t")["event"].tolist() == ["e1"]
    assert store.all_responses_frame("other").empty


def test_the_first_and_the_last_moment_there_are_read_back(store):
    moments = [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
    sent = [
        NewEvent(f"e{n}", "ana", ("a",), correct=1, occurred_at=moment)
        for n, moment in enumerate(moments)
    ]
    store.put("t", "skills", "a", {}, now=NOW)
    store.append("t", sent, moments[1])
    assert [one.occurred_at for one in store.responses("t", ["ana"])["ana"]] == moments
    assert len(store.all_responses_frame("t")) == 2
