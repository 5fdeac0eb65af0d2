"""A diagnosis over the graph: held to a sum over all sets, and played to its end."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnosis import Known, held_over_graph
from engine.placement import LUCKY

P = st.floats(0.02, 0.98)
NEEDS = {"a": (), "b": ("a",), "c": ("a",), "d": ("b", "c")}


def slowly(skills):
    """Every set of skills, its chance skill by skill, and the odds that answers gave each."""
    total, held = 0.0, dict.fromkeys(skills, 0.0)
    for inside in product((False, True), repeat=len(skills)):
        world = dict(zip(skills, inside, strict=True))
        chance = 1.0
        for skill, one in skills.items():
            p = one.before if all(world[need] for need in one.needs) else LUCKY
            chance *= p if world[skill] else 1 - p
            if world[skill]:
                chance *= one.after / (1 - one.after) * (1 - one.before) / one.before
        total += chance
        for skill in skills:
            held[skill] += chance * world[skill]
    return {skill: value / total for skill, value in held.items()}


@given(before=st.tuples(P, P, P, P), after=st.tuples(P, P, P, P))
def test_it_is_a_sum_over_all_sets_of_skills(before, after):
    skills = {
        skill: Known(needs, b, a)
        for (skill, needs), b, a in zip(NEEDS.items(), before, after, strict=True)
    }
    found = held_over_graph(skills)
    assert found == pytest.approx(slowly(skills), abs=1e-9)


def test_a_right_answer_speaks_for_what_the_skill_builds_on():
    def held(after):
        skills = {k: Known(needs, 0.5, 0.5) for k, needs in NEEDS.items()}
        return held_over_graph(skills | {"d": Known(NEEDS["d"], 0.5, after)})

    assert held(0.9)["a"] > held(0.5)["a"] > held(0.1)["a"]


def test_certainties_stay_probabilities():
    found = held_over_graph({"a": Known((), 0.3, 1.0), "b": Known(("a",), 0.0, 1.0)})
    assert all(0.9 < p <= 1.0 for p in found.values())


def test_long_chains_are_weighed_by_a_sample_near_the_exact_answer():
    chain = {"0": Known((), 0.8, 0.8)}
    chain |= {str(n): Known((str(n - 1),), 0.8, 0.8) for n in range(1, 20)}
    found, exact = held_over_graph(chain), 1.0
    for n in range(20):
        exact = 0.8 if n == 0 else 0.8 * exact + LUCKY * (1 - exact)
        assert found[str(n)] == pytest.approx(exact, abs=0.02)


def test_the_first_question_is_the_one_that_tells_most(decide):
    found = decide({}, intent="diagnose", n=1)
    assert found.candidates[0].skill == "fraction"
    assert found.candidates[0].reasons[0].code == "information"


@pytest.mark.parametrize("mark", ["0", "1"])
def test_a_diagnosis_ends_in_words_about_where_the_student_stands(decide, mark):
    answers = {}
    for _ in range(20):
        found = decide(answers, intent="diagnose", n=1)
        if found.status != "ok":
            break
        skill = found.candidates[0].skill
        answers[skill] = answers.get(skill, "") + mark
    assert found.status == "complete"
    assert "complete" in found.reasons[0].text
    assert sum(map(len, answers.values())) <= 3 * 5


def test_wrong_answers_on_the_beginnings_settle_what_builds_on_them(decide):
    found = decide({"fraction": "000"}, intent="diagnose")
    assert found.status == "complete"
    assert found.reasons[0].text == (
        "The diagnosis is complete: 0 skills are held, 5 are not yet, and 0 are in doubt."
    )


def test_answers_on_a_late_skill_speak_for_the_early_ones(situation):
    late = situation({"rate": "11"}, intent="diagnose").over_graph
    assert late["fraction"] > situation({}, intent="diagnose").over_graph["fraction"]
