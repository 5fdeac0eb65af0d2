"""Goals and overrides as facts: versioned, found by whom they are about, their past kept."""

from datetime import UTC, datetime, timedelta

import pytest

from data.store.bodies import whole_bodies
from data.store.wishes import check_wishes
from engine.curriculum import Curriculum, Skill
from engine.errors import InvalidInput, Outdated

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
COURSE = Curriculum.of(skills=[Skill("ratio")])
HOUR = timedelta(hours=1)
WORD = {
    "kind": "exclude",
    "student": "ana",
    "skill": "ratio",
    "said_at": NOW.isoformat(),
    "expires_at": (NOW + 100 * HOUR).isoformat(),
}


@pytest.fixture
def school(store):
    store.put("t", "skills", "fraction", {}, now=NOW)
    store.put("t", "skills", "ratio", {"prerequisites": ["fraction"]}, now=NOW)
    store.put_roster("t", [{"id": "ana"}], [{"id": "7b", "students": ["ana", "ben"]}], now=NOW)
    return store


def goal(school, id="g", now=NOW, **body):
    return school.put("t", "goals", id, {"student": "ana", "skill": "ratio", **body}, now=now)[0]


def test_the_wishes_of_a_student_are_their_own_and_their_classes(school):
    goal(school)
    goal(school, "of all", student=None, **{"class": "7b"})
    school.put("t", "overrides", "o", WORD, now=NOW)
    found = school.wishes("t", ["ana", "ben", "cy"])
    assert [[one.id for one in found[student].goals] for student in ("ana", "ben", "cy")] == [
        ["g", "of all"],
        ["of all"],
        [],
    ]
    assert [one.id for one in found["ana"].overrides] == ["o"]
    assert found["ana"].classes == {"7b"}
    assert school.wishes("other", ["ana"])["ana"].goals == ()


def test_what_was_said_by_then_is_told_in_the_words_of_then(school):
    goal(school, now=NOW, weight=2.0)
    goal(school, now=NOW + 2 * HOUR, weight=5.0)
    school.delete("t", "goals", "g", now=NOW + 4 * HOUR)
    weights = [
        [one.weight for one in school.wishes("t", ["ana"], as_of=NOW + h * HOUR)["ana"].goals]
        for h in (-1, 0, 1, 2, 5)
    ]
    assert weights == [[], [2.0], [2.0], [5.0], []]
    assert school.wishes("t", ["ana"])["ana"].goals == ()


def test_every_version_is_kept_with_who_wrote_it(school):
    school.put("t", "goals", "g", {"student": "ana", "skill": "ratio"}, now=NOW, author="ana")
    goal(school, weight=4.0)
    school.delete("t", "goals", "g", now=NOW, author="ms-rivera")
    past = school.past("t", "goals", "g")
    assert [(one["version"], one["author"], one["deleted"]) for one in past] == [
        (1, "ana", False),
        (2, "", False),
        (3, "ms-rivera", True),
    ]
    assert [one.get("weight") for one in past] == [3.0, 4.0, None]
    assert goal(school)["version"] == 4


def test_the_curriculum_of_any_revision_can_be_read_again(school):
    before, at = school.curriculum("t"), school.revision("t")
    school.put("t", "skills", "slope", {"prerequisites": ["ratio"]}, now=NOW)
    school.put("t", "skills", "ratio", {"name": "Ratios"}, now=NOW)
    school.delete("t", "skills", "slope", now=NOW)
    school.delete("t", "skills", "fraction", now=NOW)
    assert school.curriculum_then("t", at) == before
    assert school.curriculum_then("t", school.revision("t")) == school.curriculum("t")
    assert school.curriculum_then("t", 0) == Curriculum.of()


def test_a_goal_stays_with_whom_it_is_about(school):
    goal(school)
    with pytest.raises(InvalidInput, match="ana, as before"):
        goal(school, student="ben")
    school.delete("t", "goals", "g", now=NOW)
    with pytest.raises(InvalidInput, match="ana, as before"):
        goal(school, student="ben")


@pytest.mark.parametrize(("expected", "fits"), [(0, False), (1, True), (2, False)])
def test_a_change_made_from_another_version_is_refused(school, expected, fits):
    school.put("t", "goals", "g", {"student": "ana", "skill": "ratio"}, now=NOW, expected=0)
    body = {"student": "ana", "skill": "fraction"}
    if fits:
        assert school.put("t", "goals", "g", body, now=NOW, expected=expected)[0]["version"] == 2
    else:
        with pytest.raises(Outdated):
            school.put("t", "goals", "g", body, now=NOW, expected=expected)
        with pytest.raises(Outdated):
            school.delete("t", "goals", "g", now=NOW, expected=expected)
        assert school.get("t", "goals", "g")["skill"] == "ratio"


def test_what_cannot_be_meant_is_refused_whole_and_by_its_field(school):
    rows = [{"id": "a", "student": "ana", "skill": "ratio"}, {"id": "b", "skill": "nowhere"}]
    with pytest.raises(InvalidInput) as refused:
        school.put_many("t", "goals", rows, now=NOW)
    assert {fault.place for fault in refused.value.faults} == {"goals b, student", "goals b, skill"}
    assert school.list("t", "goals") == []


@pytest.mark.parametrize("field", ["kind", "said_at", "expires_at"])
def test_an_override_says_its_kind_and_its_times(field):
    rows = [{"id": "o", **{name: value for name, value in WORD.items() if name != field}}]
    with pytest.raises(InvalidInput, match=field):
        check_wishes({"overrides": whole_bodies("overrides", rows)}, COURSE)
