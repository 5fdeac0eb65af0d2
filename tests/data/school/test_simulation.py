"""The school is reproducible, plausible to a teacher, and its truth explains its log."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from data.mathematics import middle_school_mathematics
from data.school import HELD_FROM, simulate_school
from data.school.timetable import SCHOOL_CLOSES, SCHOOL_OPENS, holiday_week
from engine.curriculum import Curriculum, Item, Skill
from engine.errors import InvalidInput

MATHEMATICS = middle_school_mathematics()


@pytest.fixture(scope="module")
def school():
    return simulate_school(MATHEMATICS, seed=1)


@pytest.fixture(scope="module")
def practised(school):
    """The truth of every student and skill that the log has answers for."""
    seen = school.events[["student", "skill"]].drop_duplicates()
    return school.truth.merge(seen, on=["student", "skill"])


def small(seed=1, **changes):
    sizes = {"classes": 2, "students_per_class": 4, "weeks": 3, **changes}
    return simulate_school(MATHEMATICS, seed=seed, **sizes)


def test_the_same_seed_gives_the_same_school():
    one, two = small(), small()
    for table in ("events", "hidden", "truth", "items", "effects", "students_truth"):
        pd.testing.assert_frame_equal(getattr(one, table), getattr(two, table))
    assert one.students == two.students


def test_another_seed_gives_another_school():
    one, two = small(1), small(2)
    assert one.students != two.students
    assert not one.events["correct"].head(50).equals(two.events["correct"].head(50))


def test_it_moves_with_the_start_of_term():
    moved = small(start=date(2026, 1, 12))
    assert moved.events["time"].min() >= pd.Timestamp("2026-01-12", tz="UTC")
    shifts = moved.events["time"] - small().events["time"]
    assert shifts.nunique() == 1


def test_the_log_has_the_canonical_columns_without_gaps(school):
    needed = {"student", "skill", "correct", "item", "time", "event", "class", "session"}
    needed |= {"response_ms", "hints", "attempt", "activity"}
    assert set(school.events) == needed
    assert not school.events.isna().any(axis=None)
    assert school.events["event"].is_unique
    assert school.events["time"].is_monotonic_increasing


def test_answers_are_mostly_right_but_far_from_always(school):
    assert 0.55 < school.events["correct"].mean() < 0.80


@pytest.mark.parametrize("seed", [2, 3])
def test_that_does_not_hang_on_one_seed(seed):
    assert 0.55 < simulate_school(MATHEMATICS, seed=seed).events["correct"].mean() < 0.80


def test_most_students_have_a_term_of_answers_and_some_have_few_or_none(school):
    counts = school.events.groupby("student").size()
    counts = counts.reindex([s.id for s in school.students], fill_value=0)
    assert 80 <= counts.median() <= 120
    stories = pd.Series({s.id: s.story for s in school.students})
    assert counts[stories == "mostly absent"].max() < 40
    assert counts[stories == "newcomer"].tolist() == [0]


def test_events_happen_on_school_days_in_school_hours(school):
    times = school.events["time"]
    assert times.dt.day_of_week.max() < 5
    assert times.dt.time.min() >= SCHOOL_OPENS
    assert times.dt.time.max() <= SCHOOL_CLOSES
    weeks = (times - school.begins).dt.days // 7
    assert holiday_week(14) not in set(weeks)


def test_each_row_belongs_to_the_class_its_student_sits_in(school):
    seats = {student: one.id for one in school.classes for student in one.students}
    assert (school.events["student"].map(seats) == school.events["class"]).all()


def test_a_student_has_one_session_a_lesson_of_a_few_questions(school):
    sessions = school.events.groupby("session")
    assert (sessions["student"].nunique() == 1).all()
    assert sessions.size().between(1, 9).all()


def test_skills_first_appear_in_course_order_for_every_class(school):
    single = school.events[~school.events["skill"].str.contains("~~")]
    regular = [s.id for s in school.students if s.story == "regular"]
    first = single[single["student"].isin(regular)].groupby(["class", "skill"])["time"].min()
    for one in school.classes:
        days = first[one.id].dt.date
        taught = [days[skill] for skill in school.course_order if skill in days]
        assert taught == sorted(taught)


def test_classes_get_differently_far(school):
    reached = school.events.groupby("class")["skill"].nunique()
    assert reached.nunique() > 1
    assert reached.max() < 2 * len(MATHEMATICS.skills)


def test_levels_rise_with_practice(school):
    log = school.events.merge(school.hidden, on="event")
    opportunity = log.groupby(["student", "skill"]).cumcount()
    level = log.groupby(opportunity)["proficiency"].mean()
    assert level[6] > level[3] > level[0]


def test_answers_get_better_with_practice_on_questions_of_the_same_difficulty(school):
    log = school.events.merge(school.items, on="item")
    opportunity = log.groupby(["student", "skill"]).cumcount()
    beyond = log["correct"] - log.groupby("item")["correct"].transform("mean")
    assert beyond[opportunity >= 5].mean() > beyond[opportunity < 2].mean() + 0.03


def test_difficult_items_are_answered_less_often(school):
    rates = school.events.groupby("item")["correct"].agg(["mean", "size"])
    rates = rates[rates["size"] >= 15].join(school.items.set_index("item"))
    assert rates["mean"].corr(rates["difficulty"]) < -0.4


def test_able_students_answer_better(school):
    rates = school.events.groupby("student")["correct"].mean()
    ability = school.students_truth.set_index("student")["ability"]
    assert rates.corr(ability) > 0.5


def test_the_hidden_chances_are_the_rates_of_right_answers(school):
    log = school.events.merge(school.hidden, on="event")
    tenth = (log["p_correct"] * 10).astype(int)
    table = log.groupby(tenth).agg(
        said=("p_correct", "mean"), seen=("correct", "mean"), n=("event", "size")
    )
    error = np.sqrt(table["said"] * (1 - table["said"]) / table["n"])
    assert ((table["seen"] - table["said"]).abs() < 4 * error).all()


def test_the_truth_covers_every_student_and_skill(school):
    assert len(school.truth) == len(school.students) * len(MATHEMATICS.skills)
    assert not school.truth.isna().any(axis=None)
    assert (school.truth["held"] == (school.truth["proficiency"] >= HELD_FROM)).all()


def test_the_outcome_of_the_term_is_mixed(school, practised):
    assert 0.3 < practised["held"].mean() < 0.75
    assert practised["proficiency"].std() > 0.7
    untouched = school.truth.merge(
        practised[["student", "skill"]], how="left", on=["student", "skill"], indicator=True
    )
    untouched = untouched[untouched["_merge"] == "left_only"]
    assert len(untouched) > 500
    assert untouched["held"].mean() < practised["held"].mean() / 2


def test_answers_tell_something_about_the_truth_but_not_all(school, practised):
    rates = school.events.groupby(["student", "skill"])["correct"].mean().rename("rate")
    both = practised.merge(rates.reset_index(), on=["student", "skill"])
    assert 0.3 < both["rate"].corr(both["proficiency"]) < 0.95


def test_a_holiday_lowers_what_was_practised(school, practised):
    later = school.truth_at(school.ends + timedelta(weeks=3))
    both = practised.merge(later, on=["student", "skill"], suffixes=("", "_later"))
    assert (both["proficiency_later"] < both["proficiency"]).all()
    assert both["held_later"].sum() < both["held"].sum()


def test_the_truth_at_the_end_is_the_truth(school):
    pd.testing.assert_frame_equal(school.truth_at(school.ends), school.truth)


def test_the_truth_within_the_term_is_refused(school):
    with pytest.raises(InvalidInput, match="or later"):
        school.truth_at(datetime(2025, 10, 1, tzinfo=UTC))


def test_impossible_arguments_are_refused_together():
    with pytest.raises(InvalidInput) as refused:
        simulate_school(MATHEMATICS, seed=-1, classes=0, weeks=-3)
    assert [fault.place for fault in refused.value.faults] == ["classes", "weeks", "seed"]


def test_a_curriculum_without_questions_is_refused():
    with pytest.raises(InvalidInput, match="curriculum"):
        simulate_school(Curriculum.of(skills=[Skill("a")]), seed=1)


def test_a_curriculum_without_activities_or_objectives_works():
    plain = Curriculum.of(
        skills=[Skill("a"), Skill("b", prerequisites=("a",))],
        items=[Item("q1", ("a",)), Item("q2", ("b", "a"))],
    )
    school = simulate_school(plain, seed=1, classes=1, students_per_class=2, weeks=4)
    assert set(school.events["skill"]) == {"a", "a~~b"}
    assert school.events["activity"].isna().all()


def test_a_term_too_short_for_a_lesson_has_an_empty_log_with_all_columns():
    friday = date(2025, 9, 12)
    logs = [small(seed, start=friday, weeks=1, classes=1).events for seed in range(8)]
    empty = next(log for log in logs if log.empty)
    assert list(empty) == list(logs[0])
