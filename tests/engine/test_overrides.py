"""What a teacher's word does: who it concerns, what it outweighs, and that it never raises."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.beliefs import student_beliefs
from engine.chance import Chance
from engine.curriculum import Curriculum, Skill
from engine.errors import InvalidInput
from engine.overrides import KINDS, Override, ruled, rulings
from engine.policy import recommend
from engine.requests import INTENTS, Request
from engine.verdict import STATUSES

NOW = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
COURSE_SKILLS = ("fraction", "ratio", "percent", "slope", "rate")


def said(kind, *, id="o1", ago=1, student="ana", class_id=None, days=7, **what):
    before = NOW - ago * HOUR
    return Override(
        id, kind, before, NOW + timedelta(days=days), student, class_id, reason="r", by="t", **what
    )


def in_force(course, *overrides, student="ana", at=NOW, classes=()):
    return rulings(overrides, course, student=student, at=at, classes=classes)


def test_an_override_concerns_its_student_or_class_alone(course):
    one = said("exclude", skill="ratio")
    of_class = said("exclude", id="o2", student=None, class_id="7b", skill="percent")
    assert [o.id for o in in_force(course, one, of_class).all] == ["o1"]
    assert {o.id for o in in_force(course, one, of_class, classes={"7b"}).all} == {"o1", "o2"}
    assert in_force(course, one, student="ben").all == ()


@pytest.mark.parametrize(("at", "holds"), [(-2, False), (-1, True), (0, True), (24 * 7, False)])
def test_it_holds_from_when_it_was_said_until_it_expires(course, at, holds):
    found = in_force(course, said("exclude", skill="ratio"), at=NOW + at * HOUR)
    assert bool(found.all) is holds


def test_of_two_on_one_topic_the_newer_holds_in_any_order(course):
    older = said("set_state", id="a", ago=2, skill="ratio", state="secure")
    newer = said("set_state", id="b", ago=1, skill="ratio", state="not_secure")
    for order in ([older, newer], [newer, older]):
        found = in_force(course, *order)
        assert found.states["ratio"] is newer
        assert [(d.older.id, d.newer.id) for d in found.displaced] == [("a", "b")]


def test_saying_the_same_again_contradicts_nothing(course):
    again = [said("pin", id=str(n), ago=n, skill="ratio") for n in (1, 2)]
    found = in_force(course, *again)
    assert ([o.id for o in found.pins], found.displaced) == (["1"], ())


def test_an_exclusion_of_a_skill_takes_back_pins_on_it_said_before(course):
    pin = said("pin", id="p", ago=3, activity="ratio-quiz")
    out = said("exclude", id="x", ago=2, skill="ratio")
    again = said("pin", id="q", ago=1, activity="ratio-quiz")
    assert in_force(course, pin, out).pins == ()
    assert [d.older.id for d in in_force(course, pin, out).displaced] == ["p"]
    freed = in_force(course, out, again)
    assert freed.excluding(course.activities["ratio-quiz"]) is None
    assert freed.excluding(course.activities["ratio-video"]) is out


def test_what_the_curriculum_no_longer_has_is_passed_over():
    assert in_force(Curriculum.of(), said("pin", skill="ratio")).all == ()


def test_a_word_on_a_state_is_shown_beside_the_estimate_and_changes_none(course, believed):
    before = believed({"fraction": "111111", "ratio": "00"})
    found = ruled(
        before,
        in_force(
            course,
            said("set_state", id="a", skill="fraction", state="not_secure"),
            said("set_state", id="b", skill="ratio", state="secure"),
        ),
    )
    assert (found["fraction"].state, found["fraction"].model_state) == ("developing", "secure")
    assert (found["ratio"].state, found["ratio"].override) == ("secure", "b")
    assert [b.p_mastery for b in found.values()] == [b.p_mastery for b in before.values()]
    assert found["ratio"].counted >= 0.95
    assert found["fraction"].counted <= 0.5
    assert found["slope"] == before["slope"]


@pytest.fixture(scope="module", params=["bundle", "trusted"])
def ruled_decision(request, course, answered, believed):
    """Decides under the careful rule, and under the index rule: a teacher's word beats both."""
    bundle = request.getfixturevalue(request.param)

    def ruled_decision(answers, *overrides, **request):
        return recommend(
            course,
            believed(answers),
            history=answered(answers),
            bundle=bundle,
            request=Request(**request),
            chance=Chance("ana", 0),
            rulings=in_force(course, *overrides),
            now=NOW,
        )

    return ruled_decision


def test_a_pinned_activity_comes_first_whatever_it_waits_for(ruled_decision):
    found = ruled_decision({}, said("pin", activity="slope-video"), n=4)
    first = found.candidates[0]
    assert (first.activity, first.propensity) == ("slope-video", 1.0)
    assert first.reasons[-1].code == "pinned"
    assert [c.propensity for c in found.candidates[1:]] == [0.0, 0.0]
    assert found.overrides == ("o1",)


def test_a_pinned_skill_comes_first_with_its_best_activity(ruled_decision):
    plain = ruled_decision({"fraction": "111111"})
    other = next(s for s in ("ratio", "percent") if s != plain.candidates[0].skill)
    found = ruled_decision({"fraction": "111111"}, said("pin", skill=other))
    assert found.candidates[0].skill == other


def test_a_pin_holds_until_it_is_done(course, bundle, believed, answered):
    pin = said("pin", activity="slope-quiz", ago=48)  # before the answers of the fixture
    decided = recommend(
        course,
        believed({"slope": "1"}),
        history=answered({"slope": "1"}, activity="slope-quiz"),
        bundle=bundle,
        request=Request(),
        chance=Chance("ana", 0),
        rulings=in_force(course, pin),
    )
    assert decided.candidates[0].activity != "slope-quiz"


@pytest.mark.parametrize(
    ("pinned", "request_"),
    [
        ("slope-practice", {"minutes": 5}),
        ("slope-workshop", {}),
        ("slope-practice", {"exclude": ("slope-practice",)}),
        ("slope-video", {"intent": "assess"}),
    ],
)
def test_a_pin_that_cannot_be_done_now_waits_and_the_answer_says_so(
    ruled_decision, pinned, request_
):
    found = ruled_decision({}, said("pin", activity=pinned), **request_)
    assert pinned not in [c.activity for c in found.candidates]
    assert "pin_not_now" in [reason.code for reason in found.reasons]


def test_what_is_excluded_is_never_served(ruled_decision):
    best = ruled_decision({}).candidates[0].activity
    found = ruled_decision({}, said("exclude", activity=best))
    assert best not in [c.activity for c in found.candidates]
    none = ruled_decision({}, said("exclude", skill="fraction"))
    assert (none.status, none.candidates) == ("nothing_available", ())
    assert "ruled_out" in [reason.code for reason in none.reasons]


def test_a_skill_said_to_be_secure_opens_what_builds_on_it(ruled_decision):
    assert {b.skill for b in ruled_decision({}).blocked} >= {"ratio", "percent"}
    found = ruled_decision({}, said("set_state", skill="fraction", state="secure"))
    assert {c.skill for c in found.candidates} <= {"ratio", "percent"}


def test_a_skill_said_not_to_be_secure_is_worked_on_again(ruled_decision):
    found = ruled_decision(
        {"fraction": "1111111"}, said("set_state", skill="fraction", state="not_secure")
    )
    assert {c.skill for c in found.candidates} == {"fraction"}
    assert {b.waits_for for b in found.blocked} >= {"fraction"}
    assert "teacher's word" in found.candidates[0].would_change


@pytest.mark.parametrize("prerequisite", [None, "ratio"])
def test_a_skipped_prerequisite_keeps_nothing_waiting(ruled_decision, prerequisite):
    before = ruled_decision({})
    assert "slope" in {b.skill for b in before.blocked}
    skip = said("skip_prerequisite", skill="slope", prerequisite=prerequisite)
    found = ruled_decision({}, skip)
    assert "slope" not in {b.skill for b in found.blocked}
    assert "slope" in {c.skill for c in found.candidates}


def test_a_newer_word_is_reported(ruled_decision):
    found = ruled_decision(
        {},
        said("pin", id="a", ago=2, skill="ratio"),
        said("exclude", id="b", ago=1, skill="ratio"),
    )
    assert "newer_word" in [reason.code for reason in found.reasons]


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({"kind": "praise"}, {"kind"}),
        ({"kind": "pin"}, {"pin"}),
        ({"kind": "pin", "skill": "ratio", "activity": "ratio-quiz"}, {"pin"}),
        ({"kind": "pin", "skill": "nowhere"}, {"skill"}),
        ({"kind": "exclude", "activity": "nowhere"}, {"activity"}),
        ({"kind": "set_state", "skill": "ratio", "state": "good"}, {"state"}),
        ({"kind": "move", "objective": "rates", "tier": "top"}, {"tier"}),
        ({"kind": "move", "objective": "nowhere", "tier": "support"}, {"objective"}),
        (
            {"kind": "skip_prerequisite", "skill": "slope", "prerequisite": "percent"},
            {"prerequisite"},
        ),
        ({"kind": "pin", "skill": "ratio", "student": None}, {"student"}),
        ({"kind": "pin", "skill": "ratio", "class_id": "7b"}, {"student"}),
        (
            {
                "kind": "move",
                "objective": "rates",
                "tier": "support",
                "student": None,
                "class_id": "7b",
            },
            {"class"},
        ),
        ({"kind": "pin", "skill": "ratio", "days": -1}, {"expires_at"}),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_field(course, fields, places):
    with pytest.raises(InvalidInput) as refused:
        said(**fields).checked(course)
    assert {fault.place for fault in refused.value.faults} == places


WHAT = st.fixed_dictionaries(
    {},
    optional={
        "activity": st.sampled_from(["ratio-quiz", "fraction-practice", "gone"]),
        "skill": st.sampled_from([*COURSE_SKILLS, "gone"]),
        "state": st.sampled_from(["secure", "not_secure"]),
        "objective": st.sampled_from(["rates", "gone"]),
        "tier": st.sampled_from(["support", "advanced"]),
        "prerequisite": st.sampled_from(["fraction", "ratio", "gone"]),
    },
)
OVERRIDES = st.lists(
    st.builds(
        lambda kind, ago, what: (kind, ago, what),
        st.sampled_from(KINDS),
        st.integers(0, 40),
        WHAT,
    ),
    max_size=8,
)


@given(OVERRIDES, st.sampled_from(INTENTS), st.integers(1, 10), st.integers(0, 60))
@settings(max_examples=80, deadline=None)
def test_no_combination_of_overrides_raises_or_breaks_a_law(
    ruled_decision, course, many, intent, n, minutes
):
    overrides = [
        said(kind, id=f"o{number}", ago=ago, **what)
        for number, (kind, ago, what) in enumerate(many)
    ]
    found = ruled_decision(
        {"fraction": "1111", "ratio": "01"}, *overrides, intent=intent, n=n, minutes=minutes
    )
    assert found.status in STATUSES
    assert found.candidates or found.reasons
    assert len(found.candidates) <= n
    assert len({c.activity for c in found.candidates}) == len(found.candidates)
    if found.candidates:
        assert sum(c.propensity for c in found.candidates) == pytest.approx(1.0)
    force = in_force(course, *overrides)
    assert not any(force.excluding(course.activities[c.activity]) for c in found.candidates)


def test_a_course_of_one_skill_whose_only_word_is_secure_is_complete(bundle, estimate):
    course = Curriculum.of(skills=[Skill("alone")])
    found = recommend(
        course,
        student_beliefs([], bundle, course.skills),
        history=[],
        bundle=bundle,
        request=Request(),
        chance=Chance("ana", 0),
        rulings=in_force(course, said("set_state", skill="alone", state="secure")),
    )
    assert found.status == "complete"
