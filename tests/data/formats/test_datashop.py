"""DataShop: the first attempt at a step counts, and every column of the model is a skill."""

import pytest

from data.events import in_order, read_events
from engine.errors import InvalidInput

OLD = (
    "Row | Transaction Id | Anon Student Id | Time | Time Zone | Problem Name | Step Name | "
    "Attempt At Step | Outcome | KC (Default) | KC Category (Default) | KC (Default) | KC (Fine)"
)
STEP = (
    "Row | Sample | Anon Student Id | Problem Name | Problem View | Step Name | "
    "First Transaction Time | First Attempt | Hints | KC (Default) | Opportunity (Default)"
)
TUTOR = " | Row | Anon Student Id | Problem Name | Step Name | First Transaction Time | "
TUTOR += "Correct First Attempt | KC(Default)"


def transaction(row, *, zone="UTC", attempt="1", outcome="CORRECT", skills=("a", "b"), fine="f"):
    cells = [str(row), f"t{row}", "ana", f"2024-03-01 08:00:0{row}", zone, "P", f"s{row}"]
    return " | ".join([*cells, attempt, outcome, skills[0], "", skills[1], fine])


def transactions(write, *rows):
    return write(OLD, *rows, name="transactions.txt", cells="\t")


def test_repeated_skill_columns_are_all_skills_of_the_row(write):
    path = transactions(write, transaction(1, skills=("b", "a")), transaction(2, skills=("", "c")))
    events = read_events(path)
    assert events.quality.format == "datashop-transaction"
    assert events.frame["skill"].tolist() == ["a~~b", "c"]
    assert events.frame["item"].tolist() == ["P|s1", "P|s2"]


def test_a_hint_before_any_answer_is_not_knowing(write):
    outcomes = ("CORRECT", "HINT", "INCORRECT")
    rows = [transaction(row, outcome=outcome) for row, outcome in enumerate(outcomes)]
    assert read_events(transactions(write, *rows)).frame["correct"].tolist() == [1, 0, 0]


def test_what_is_no_first_attempt_is_counted_by_reason(write):
    path = transactions(
        write,
        transaction(1),
        transaction(2, attempt="2"),
        transaction(3, outcome=""),
        transaction(4, outcome="OK"),
        transaction(5, skills=("", "")),
    )
    quality = read_events(path).quality
    assert {reason.text: reason.rows for reason in quality.reasons} == {
        "later attempt at the same step": 1,
        "no outcome": 1,
        "outcome other than correct, incorrect or hint": 1,
        "no skill": 1,
    }
    assert quality.usable == 1


def test_clock_times_are_read_in_their_zone(write):
    path = transactions(write, transaction(1, zone="US/Eastern"), transaction(2, zone="Nowhere"))
    events = read_events(path)
    assert [time.isoformat() for time in events.frame["time"]] == [
        "2024-03-01T13:00:01+00:00",
        "2024-03-01T08:00:02+00:00",
    ]
    assert "Nowhere" in events.quality.notes[0]


def test_another_knowledge_component_model_can_be_chosen(write):
    path = transactions(write, transaction(1))
    assert read_events(path, kc_model="Fine").frame["skill"].tolist() == ["f"]
    with pytest.raises(InvalidInput, match="Default, Fine"):
        read_events(path, kc_model="Coarse")


def test_quotation_marks_are_ordinary_characters(write):
    row = transaction(1).replace(" | P | ", ' | "Say "hi" | ')
    assert read_events(transactions(write, row)).frame["activity"].tolist() == ['"Say "hi"']


def test_a_step_listed_in_two_samples_is_one_response(write):
    step = "All | ana | P | 1 | s | 2024-03-01 08:00:00 | hint | 2 | a~~b | 1~~1"
    path = write(
        STEP, f"1 | {step}", f"2 | {step.replace('All', 'Half')}", name="s.txt", cells="\t"
    )
    events = read_events(path)
    assert events.quality.format == "datashop-step"
    assert (events.quality.usable, events.quality.repeated) == (1, 1)
    assert events.frame[["skill", "correct", "hints"]].to_numpy().tolist() == [["a~~b", 0, 2]]


def test_a_step_repeated_per_skill_is_one_response(write):
    rows = [f"3 | All | ana | P | 1 | s | 2024-03-01 | correct | 0 | {kc} | 1" for kc in "ab"]
    events = read_events(write(STEP, *rows, name="s.txt", cells="\t"))
    assert events.frame["skill"].tolist() == ["a~~b"]
    assert events.quality.joined == 1


def test_damaged_clock_times_leave_file_order(write):
    path = write(
        TUTOR,
        "0 | 7 | ana | P | s1 | 50:52.0 | 1 | k",
        "1 | 8 | ana | P | s2 | 18:05.0 | 0 | k",
        "1 | 8 | ana | P | s2 | 18:05.0 | 0 | k",
    )
    events = read_events(path)
    assert "time" not in events.frame
    assert "18:05.0" in " ".join(events.quality.notes) or "50:52.0" in events.quality.notes[0]
    assert in_order(events.frame)["item"].tolist() == ["P|s1", "P|s2"]
    assert events.quality.repeated == 1


REAL = [
    ("datashop_transaction_ds96.txt.gz", 1873, 1012, 7, 20, 253),
    ("datashop_transaction_ds6224.txt.gz", 5553, 5001, 15, 42, 324),
    ("datashop_student_step_ds96.txt", 951, 951, 7, 20, 253),
    ("datashop_student_step_ct.csv.gz", 16858, 16857, 587, 12, 750),
]


@pytest.mark.parametrize(("name", "rows", "usable", "students", "skills", "items"), REAL)
def test_the_real_exports(real_formats, name, rows, usable, students, skills, items):
    quality = read_events(real_formats / name).quality
    assert (quality.rows_read, quality.usable) == (rows, usable)
    assert (quality.students, quality.skills, quality.items) == (students, skills, items)
    assert usable + quality.joined + quality.repeated + quality.unusable == rows


def test_hints_of_the_real_steps_count_as_wrong(real_formats):
    frame = read_events(real_formats / "datashop_student_step_ds96.txt").frame
    assert frame["correct"].sum() == 660
