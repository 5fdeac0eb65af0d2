"""All skills of a student carried along: the belief of the whole history, in any split."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from engine.beliefs import student_beliefs
from engine.bundle import Bundle, versioned
from engine.contexts import LAG, TIME, Contexts
from engine.errors import InvalidInput
from engine.joint import joint
from engine.keeping import decode, decode_together, encode
from engine.parameters import SkillEstimate, SkillParameters
from engine.responses import Response
from engine.together import Together
from engine.touches import COMBININGS

from .test_hierarchy import hierarchy

SKILLS = ("a", "b", "a~~b", "new", "a~~new")
NONE = SkillEstimate(SkillParameters(*[0.3] * 5), SkillParameters(*[0.1] * 5), np.eye(5))


def model(combining="shared", gaps=LAG):
    found = hierarchy()
    if gaps != found.gaps:
        rng = np.random.default_rng(1)
        more = {n: rng.normal(size=(found.sets, 7)) for n in ("gap_learn", "gap_forget")}
        found = replace(found, gaps=gaps, **more)
    found = replace(found, combining=COMBININGS[combining])
    contexts = Contexts(items=True, gaps=gaps)
    return versioned(Bundle("h", {"a": NONE, "b": NONE}, NONE, hierarchy=found, contexts=contexts))


def history(responses=40, seed=3):
    rng, at, found = np.random.default_rng(seed), datetime(2026, 9, 1, 8, tzinfo=UTC), []
    for number in range(responses):
        at += timedelta(seconds=float(10 ** rng.uniform(0, 6)))
        skills = tuple(str(rng.choice(SKILLS)).split("~~"))
        correct = float(rng.choice([0.0, 0.5, 1.0], p=[0.2, 0.1, 0.7]))
        item = None if rng.random() < 0.2 else str(rng.choice(["i1", "i2", "i3"]))
        found.append(Response(f"e{number:04}", "ana", skills, correct, at, item))
    return found


def assert_same(one, other):
    for name, value in asdict(one).items():
        if isinstance(value, float):
            assert value == pytest.approx(getattr(other, name), abs=1e-12), name
        else:
            assert value == getattr(other, name), name


def in_pieces(student, responses):
    for first, last in [(0, 1), (1, 1), (1, 15), (15, 16), (16, 40)]:
        student = student.after_all(responses[first:last])
    return student


def one_by_one(student, responses):
    for response in responses:
        student = student.after(response)
    return student


WAYS = {"at once": Together.after_all, "in pieces": in_pieces, "one by one": one_by_one}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("combining", COMBININGS)
def test_every_way_leads_to_the_belief_of_the_whole_history(combining, way):
    bundle, responses = model(combining), history()
    student = WAYS[way](Together(bundle), responses)
    expected = student_beliefs(responses, bundle, SKILLS)
    for skill, one in student.belief_of(list(expected)).items():
        assert_same(one, expected[skill])


@pytest.mark.parametrize("gaps", [TIME, LAG])
def test_the_belief_is_that_of_the_history_after_every_response(gaps):
    bundle, responses = model(gaps=gaps), history(12)
    student = Together(bundle)
    for number, response in enumerate(responses):
        student = student.after(response)
        expected = student_beliefs(responses[: number + 1], bundle, SKILLS)
        for skill, one in student.belief_of(list(expected)).items():
            assert_same(one, expected[skill])


def test_before_any_response_everything_is_at_its_prior():
    bundle = model()
    expected = student_beliefs([], bundle, SKILLS)
    for skill, one in Together(bundle).belief_of(SKILLS).items():
        assert_same(one, expected[skill])


def test_what_is_expected_of_a_response_is_what_the_filter_predicts():
    bundle, responses = model(), history(20)
    skills = list(dict.fromkeys(one.skill for one in responses))
    predicted = joint(responses, bundle.hierarchy, skills).predicted
    student = Together(bundle)
    for response, expected in zip(responses, predicted, strict=True):
        assert student.expected(response) == pytest.approx(expected, abs=1e-12)
        student = student.after(response)


def test_an_update_leaves_the_state_before_it_alone():
    first, *rest = history(6)
    before = Together(model()).after(first)
    kept = before.belief_of([first.skill])
    before.after_all(rest)
    assert before.belief_of([first.skill]) == kept


def test_a_response_that_comes_too_late_is_refused_by_name():
    first, second, *_ = history(3)
    student = Together(model()).after(second)
    with pytest.raises(InvalidInput, match=r"e0000 at .*expected a response after e0001"):
        student.after(first)


def test_what_is_carried_does_not_grow_with_the_responses():
    few, many = (Together(model()).after_all(history(n)) for n in (60, 240))
    assert few.skills.keys() == many.skills.keys()
    assert few.items.keys() == many.items.keys()
    assert few.belief.shape == many.belief.shape


def test_a_model_whose_skills_are_followed_apart_is_refused():
    with pytest.raises(InvalidInput, match="hierarchical"):
        Together(Bundle("classic", {}, NONE))


@pytest.mark.parametrize("gaps", [TIME, LAG])
def test_bytes_lead_back_to_the_same_state_and_it_goes_on_alike(gaps):
    bundle, responses = model(gaps=gaps), history(30)
    student = Together(bundle).after_all(responses[:20])
    again = decode_together(encode(student), bundle)
    assert encode(again) == encode(student)
    one, other = (s.after_all(responses[20:]).belief_of(SKILLS) for s in (student, again))
    assert one == other


def test_bytes_of_nobody_and_of_another_model_and_damaged_ones():
    bundle, other = model(), model("compensatory")
    kept = encode(Together(bundle))
    assert encode(decode_together(kept, bundle)) == kept
    with pytest.raises(InvalidInput, match="replay"):
        decode_together(kept, other)
    with pytest.raises(InvalidInput, match="damaged"):
        decode_together(kept[:-1] + b"x", bundle)
    with pytest.raises(InvalidInput, match="state"):
        decode(kept, bundle)
