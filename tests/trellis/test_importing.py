"""`trellis import`: facts from files into a real store."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from data.store import Store

SKILLS = "skill,name,prerequisites\nslope,Slope,ratio\nratio,Ratios,\n"
ACTIVITIES = (
    "activity,skills,name,modality,level,minutes,teacher_led,assesses\n"
    "a1,ratio,Paint mixing,video,support,7.5,false,no\n"
    'a2,ratio~~slope,"Walk, then draw",workshop,advanced,40,TRUE,1\n'
)
ROSTER = (
    "class,class_name,teacher,student,student_name\n"
    "7a,7A,Ms Okafor,s1,Ana\n7a,,,s2,Ben\n7b,7B,Mr Tran,s1,\n"
)


@pytest.fixture
def load(trellis, tmp_path):
    def run(kind, text, *words, name="facts.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return trellis("import", kind, name, "--tenant", "lincoln", "--json", *words)

    return run


@pytest.fixture
def store(load, tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/trellis.db") as found:
        yield found


def test_skills_may_come_in_any_order(load, store):
    assert load("skills", SKILLS).json == {
        "kind": "skills", "tenant": "lincoln", "loaded": 2, "new": 2
    }  # fmt: skip
    assert store.curriculum("lincoln").skills["slope"].prerequisites == ("ratio",)


def test_activities_keep_every_column(load, store):
    load("skills", SKILLS)
    assert load("activities", ACTIVITIES).status == 0
    found = store.curriculum("lincoln").activities["a2"]
    assert (found.name, found.modality, found.minutes) == ("Walk, then draw", "workshop", 40.0)
    assert (found.skills, found.teacher_led, found.assesses) == (("ratio", "slope"), True, True)


def test_facts_may_come_as_json_lines(load, store):
    lines = '{"id": "slope", "prerequisites": ["ratio"]}\n{"id": "ratio", "name": "Ratios"}\n'
    assert load("skills", lines, name="skills.jsonl").json["new"] == 2
    assert store.curriculum("lincoln").skills["slope"].prerequisites == ("ratio",)


ANSWERS = "student,skill,correct\nana,ratio~~slope,1\nana,ratio,0\nana,area,1\n"


def test_unknown_skills_are_said_to_wait_and_can_be_made_on_the_way(load, store):
    load("skills", SKILLS)
    first = load("events", ANSWERS)
    assert first.json["unmapped"] == 1
    assert "--new-skills" in first.err
    again = load("events", ANSWERS, "--new-skills")
    assert (again.json["duplicate"], again.json["unmapped"]) == (3, 0)
    assert "unmapped:" not in again.err
    assert store.curriculum("lincoln").skills["slope"].prerequisites == ("ratio",), "as it was"
    assert len(store.responses("lincoln", ["ana"])["ana"]) == 3


def test_a_roster_gives_students_and_classes(load, store):
    assert load("roster", ROSTER).json["classes"] == 2
    assert store.get("lincoln", "students", "s1")["name"] == "Ana"
    seventh = store.get("lincoln", "classes", "7a")
    assert (seventh["name"], seventh["teacher"]) == ("7A", "Ms Okafor")
    assert seventh["students"] == ["s1", "s2"]


def test_events_count_once_however_often_they_are_loaded(trellis, events, store):
    words = ["import", "events", events, "--tenant", "lincoln", "--json"]
    first, again = trellis(*words).json, trellis(*words).json
    assert (first["accepted"], first["duplicate"]) == (300, 0)
    assert (again["accepted"], again["duplicate"]) == (0, 300)
    assert len(store.all_responses_frame("lincoln")) == 300


def test_without_clock_times_the_order_of_the_file_is_kept(load, store):
    answers = [1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0]
    rows = "".join(f"ana,ratio,{answer}\n" for answer in answers)
    load("skills", SKILLS)
    load("events", "student,skill,correct\n" + rows)
    assert [r.correct for r in store.responses("lincoln", ["ana"])["ana"]] == answers
    assert store.all_responses_frame("lincoln")["correct"].tolist() == answers


def test_an_event_keeps_what_is_known_of_it(load, store):
    header = "event,student,skill,correct,time,item,activity,response_ms\n"
    load("skills", SKILLS)
    load("events", header + "e1,ana,ratio,0.5,2026-09-01T08:30:00+02:00,i1,a1,1200\n")
    [found] = store.responses("lincoln", ["ana"])["ana"]
    assert (found.id, found.correct, found.item) == ("e1", 0.5, "i1")
    assert found.occurred_at == datetime(2026, 9, 1, 6, 30, tzinfo=UTC)


def test_tenants_are_apart(load, store):
    load("skills", SKILLS)
    assert dict(store.curriculum("washington").skills) == {}


BAD = {
    "no id column": ("skills", "name\nRatios\n", "skill"),
    "a cycle": ("skills", "skill,prerequisites\na,b\nb,a\n", "a → b"),
    "an unknown prerequisite": ("skills", "skill,prerequisites\na,nobody\n", "nobody"),
    "the same id twice": ("skills", "skill\na\na\n", "row 2"),
    "no minutes": ("activities", "activity,skills,minutes\na1,ratio,long\n", "minutes"),
    "no flag": ("activities", "activity,skills,assesses\na1,ratio,perhaps\n", "assesses"),
    "no class column": ("roster", "student\ns1\n", "class"),
    "a student without a class": ("roster", "student,class\ns1,\n", "row 1"),
    "a teacher who changes": ("roster", "student,class,teacher\ns1,7a,A\ns2,7a,B\n", "7a"),
    "no rows": ("roster", "student,class\n", "rows"),
    "an empty file": ("roster", "", "empty"),
}


@pytest.mark.parametrize(("kind", "text", "named"), BAD.values(), ids=BAD)
def test_bad_input_is_named_and_nothing_is_stored(load, store, kind, text, named):
    load("skills", "skill\nratio\n")
    ran = load(kind, text)
    assert ran.status == 2, ran.err
    assert named in ran.err
    assert list(store.curriculum("lincoln").skills) == ["ratio"]
    assert store.list("lincoln", "classes") == []


def test_a_conflict_with_what_is_stored_loads_nothing(load, store):
    header = "event,student,skill,correct\n"
    load("events", header + "e1,ana,ratio,1\n")
    ran = load("events", header + "e2,ana,ratio,1\ne1,ana,ratio,0\n")
    assert ran.status == 2
    assert "e1" in ran.err
    assert len(store.all_responses_frame("lincoln")) == 1


def test_a_missing_file_makes_no_database(trellis, tmp_path):
    assert trellis("import", "roster", "nowhere.csv").status == 2
    assert list(tmp_path.iterdir()) == []


def test_pandas_reads_back_what_was_loaded(trellis, events, store):
    trellis("import", "events", events, "--tenant", "lincoln")
    loaded, sent = store.all_responses_frame("lincoln"), pd.read_csv(events)
    assert (
        loaded.groupby("student")["correct"]
        .sum()
        .eq(sent.groupby("student")["correct"].sum())
        .all()
    )
