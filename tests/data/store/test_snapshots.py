"""What was believed of everybody on a day, kept on both databases."""

from data.store import Standing

DAY = "2026-09-01"


def _row(student: str, skill: str, p: float) -> Standing:
    return Standing(student, skill, p, p - 0.1, p + 0.05, 4, "developing")


def test_rows_come_back_as_they_were_kept(store):
    rows = [_row("ana", "it's 100 %s?", 0.7), _row("ana", "ratio", 0.6)]
    store.keep_standings("north", DAY, "v1", ["ana"], rows)
    assert store.snapshot("north", DAY) == rows
    assert store.snapshot("south", DAY) == []


def test_a_students_rows_are_replaced_and_nobody_elses(store):
    store.keep_standings(
        "north", DAY, "v1", ["ana", "ben"], [_row("ana", "a", 0.5), _row("ben", "a", 0.5)]
    )
    store.keep_standings("north", DAY, "v2", ["ana"], [_row("ana", "b", 0.8)])
    assert store.snapshot("north", DAY) == [_row("ana", "b", 0.8), _row("ben", "a", 0.5)]
    store.keep_standings("north", DAY, "v2", ["ben"], [])
    assert store.snapshot("north", DAY) == [_row("ana", "b", 0.8)]
