"""Fitting, tracing, saving and loading the flagship, on small schools and on bad ones."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from engine.beliefs import student_beliefs
from engine.bundle import decode, encode
from engine.errors import InvalidInput
from engine.responses import Response
from engine.trails import evidence_trail
from models import BKT
from models.hierarchical.story import NEVER

from .conftest import school


def test_it_converges_and_says_what_it_learnt_from(model, events):
    facts = model.bundle.facts
    assert facts["converged"]
    assert (facts["events"], facts["students"], facts["skills"]) == (len(events), 60, 3)
    assert model.name == "hierarchical"


def test_every_row_is_traced_in_the_order_of_the_table(model, events):
    shuffled = events.sample(frac=1.0, random_state=1)
    found = model.trace(events).to_numpy()
    again = model.trace(shuffled).drop(columns="source_row")
    again.index = shuffled.index
    np.testing.assert_allclose(again.sort_index().to_numpy(dtype=float), found[:, 1:].astype(float))


def test_predictions_are_probabilities_inside_their_intervals(model, events):
    found = model.trace(events)
    assert found["p_correct"].between(0.0, 1.0, inclusive="neither").all()
    assert (found["p_mastery_low"] <= found["p_mastery"]).all()
    assert (found["p_mastery"] <= found["p_mastery_high"]).all()
    assert not found["pooled"].any()


def test_the_future_changes_no_earlier_prediction(model, events):
    changed = events.copy()
    late = changed["time"] > 5 * 3600.0
    changed.loc[late, "correct"] = 1 - changed.loc[late, "correct"]
    early = events["time"] <= 6 * 3600.0
    found, other = model.trace(events)[early], model.trace(changed)[early]
    assert found["p_correct"].tolist() == other["p_correct"].tolist()


def test_guess_and_slip_never_add_up_to_one(model):
    hierarchy = model.bundle.hierarchy
    for ability in (-3.2, 0.0, 3.2):
        guess = hierarchy.skill[..., 3] + ability * hierarchy.loadings[..., 3]
        known = hierarchy.skill[..., 4] + ability * hierarchy.loadings[..., 4]
        assert (guess < known).all()
    assert (model.params[["guess", "slip"]] < 0.5).all(axis=None)


def test_a_bundle_comes_back_with_the_same_predictions(model, events, tmp_path):
    model.save(tmp_path)
    again = BKT.load(tmp_path)
    assert (again.name, again.bundle.version) == ("hierarchical", model.bundle.version)
    np.testing.assert_allclose(again.predict(events), model.predict(events), atol=1e-7)


def test_a_damaged_hierarchy_is_refused(model):
    text = encode(model.bundle).decode()
    with pytest.raises(InvalidInput, match="hierarchy"):
        decode(text.replace('"nodes": 17', '"nodes": 0').encode())


def answers(events, student):
    start = datetime(2026, 9, 1, tzinfo=UTC)
    rows = events[events["student"] == student]
    return [
        Response(
            id=f"{i:03d}",
            student=student,
            skills=tuple(row.skill.split("~~")),
            correct=float(row.correct),
            occurred_at=start + timedelta(seconds=row.time),
            item=row.item,
        )
        for i, row in enumerate(rows.itertuples())
    ]


@pytest.fixture(scope="session")
def reread(model):
    return decode(encode(model.bundle))


def test_the_server_believes_what_the_trace_says(reread, events):
    mine = events[events["student"] == "s3"]
    traced = BKT.of_bundle(reread).trace(mine)
    last = mine["skill"].iloc[-1]
    belief = student_beliefs(answers(events, "s3"), reread)[last]
    assert belief.p_mastery == pytest.approx(traced["p_mastery"].iloc[-1], abs=1e-12)
    assert belief.low == pytest.approx(traced["p_mastery_low"].iloc[-1], abs=1e-12)
    trail = evidence_trail(answers(events, "s3"), reread, last)
    of_skill = (mine["skill"] == last).to_numpy()
    np.testing.assert_allclose(
        [step.p_correct for step in trail], traced["p_correct"][of_skill], atol=1e-12
    )
    assert trail[-1].p_mastery == pytest.approx(belief.p_mastery, abs=1e-12)


@pytest.fixture(scope="session")
def shared(events):
    return BKT(items=True, ability=True, forgets=True, together="shared").fit(events).bundle


def test_shared_answers_to_a_combination_count_for_the_single_skills_in_it(shared):
    def of(correct):
        given = [
            Response(str(i), "ana", ("a", "b"), correct, datetime(2026, 9, 1, i, tzinfo=UTC))
            for i in range(5)
        ]
        return student_beliefs(given, shared)

    good, bad = of(1.0), of(0.0)
    assert set(good) == {"a~~b", "a", "b"}
    assert {one.n for one in good.values()} == {5}
    assert all(good[skill].p_mastery > bad[skill].p_mastery for skill in good)
    assert good["a"].last_at == datetime(2026, 9, 1, 4, tzinfo=UTC)


def test_shared_the_trail_of_a_single_skill_holds_the_combined_answers(shared, events):
    given = answers(events, "s3")
    trail = evidence_trail(given, shared, "a")
    assert [step.response.id for step in trail] == [
        one.id for one in given if "a" in one.skill.split("~~")
    ]
    assert student_beliefs(given, shared)["a"].n == len(trail)


@pytest.mark.parametrize("together", ["compensatory", "conjunctive"])
def test_other_treatments_of_several_skills_travel_by_name(events, together):
    some = events[events["student"].isin(["s1", "s2", "s3", "s4", "s5"])]
    model = BKT(items=True, ability=True, forgets=True, together=together).fit(some)
    again = BKT.of_bundle(decode(encode(model.bundle)))
    assert again.name == f"hierarchical+{together}"
    assert again.together == together
    np.testing.assert_allclose(again.predict(some), model.predict(some), atol=1e-7)


def test_an_unknown_treatment_of_several_skills_is_refused():
    with pytest.raises(InvalidInput, match="together: got 'mixed', expected one of apart"):
        BKT(ability=True, together="mixed")


def test_one_more_answer_is_predicted_as_the_trace_would(reread, events):
    given = answers(events, "s4")
    skill = given[-1].skill
    predicted = student_beliefs(given, reread)[skill].p_correct
    longer = [*given, given[-1]._replace(id="999", item=None)]
    assert evidence_trail(longer, reread, skill)[-1].p_correct == pytest.approx(
        predicted, abs=1e-12
    )


def test_answers_to_one_skill_move_another_that_was_never_practised(reread):
    def unseen(correct):
        given = [
            Response(str(i), "ana", ("a",), correct, datetime(2026, 9, 1 + i, tzinfo=UTC))
            for i in range(8)
        ]
        return student_beliefs(given, reread, ["b"])["b"]

    assert unseen(1.0).p_mastery > unseen(0.0).p_mastery
    assert unseen(1.0).state == "unseen"


def test_who_and_what_was_never_seen_starts_from_the_population_with_a_wide_interval(reread):
    new = student_beliefs([], reread, ["a", "zz", "zz~~a"])
    assert new["zz"].pooled
    assert not new["a"].pooled
    assert new["zz"].high - new["zz"].low > 0.3
    assert all(0.0 < belief.p_correct < 1.0 for belief in new.values())


def one(**columns):
    rows = {"student": ["s1", "s2", "s3"] * 4, "skill": "x", "correct": [0, 1, 1] * 4, **columns}
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    "events",
    [
        one(),
        one(item=[f"i{n}" for n in range(12)]),
        one(item=None),
        one(time=3.0),
        one(correct=1),
        one(correct=0),
        one(student="s1"),
        one(correct=0.5),
        one(skill=[f"k{n}" for n in range(12)]),
        one().head(1),
    ],
    ids=[
        "three students",
        "items seen once",
        "no item known",
        "identical times",
        "all right",
        "all wrong",
        "one student",
        "fractions",
        "every skill once",
        "one response",
    ],
)
def test_little_to_learn_from_gives_wide_intervals_not_nonsense(events):
    model = BKT(items=True, ability=True, forgets=True).fit(events)
    found = model.trace(events)
    numbers = found.drop(columns=["source_row", "pooled"]).to_numpy()
    assert np.isfinite(numbers).all()
    assert ((numbers > 0.0) & (numbers < 1.0)).all()
    # twelve wrong answers in a row leave little doubt; anything else does
    doubt = 0.05 if not events["correct"].any() else 0.2
    assert (found["p_mastery_high"] - found["p_mastery_low"]).max() > doubt


def test_no_rows_are_refused():
    with pytest.raises(InvalidInput, match="at least one response"):
        BKT(ability=True).fit(one().head(0))


def test_an_ingredient_left_out_is_out(events):
    def hierarchy(*without):
        options = {name: name not in without for name in ("items", "forgets")}
        rest = tuple(name for name in without if name not in options)
        model = BKT(ability=True, without=rest, **options).fit(events)
        assert set(model.name.split("-")) == {"hierarchical", *without}
        return model.bundle.hierarchy

    bare = hierarchy("items", "forgets", "gaps", "history", "combinations")
    assert not bare.item.any()
    assert not bare.past.any()
    assert not bare.gap_forget.any()
    assert (bare.skill[:, :, 2] == NEVER).all()


def test_without_ability_students_differ_in_their_answers_alone(events):
    model = BKT(items=True, forgets=True, without=("ability",)).fit(events)
    assert model.name == "hierarchical-ability"
    assert not model.bundle.hierarchy.loadings.any()


@pytest.mark.parametrize(
    "options",
    [{"resources": True}, {"map": False}, {"fixed": {"forget": 0.0}}, {"without": ("clock",)}],
)
def test_options_that_do_not_go_together_are_refused(options):
    with pytest.raises(InvalidInput):
        BKT(**{"ability": True, **options})


def test_a_secure_skill_is_due_for_review_by_the_clock(reread):
    given = [
        Response(str(i), "ana", ("a",), 1.0, datetime(2026, 9, 1, i, tzinfo=UTC), f"a{i % 6}")
        for i in range(12)
    ]
    belief = student_beliefs(given, reread)["a"]
    assert reread.contexts.gaps == "time"
    if belief.state == "secure":
        assert belief.review_due is None or belief.review_due > given[-1].occurred_at
    later = student_beliefs(given, reread, at=datetime(2027, 9, 1, tzinfo=UTC))["a"]
    assert 0.0 < later.p_now < 1.0


def test_what_goes_wrong_after_another_skill_is_found_as_an_effect_of_the_order():
    events = school(skills=("a", "b"), students=80, seed=6)
    before = events.groupby("student")[["skill", "correct"]].shift()
    upset = (events["skill"] == "b") & (before["skill"] == "a") & (before["correct"] == 0)
    events.loc[upset, "correct"] = 0
    found = BKT(items=True, ability=True, forgets=True).fit(events).bundle.hierarchy
    ease = {
        (found.skills[one], found.skills[now], right): value
        for (one, now, right), value in zip(found.pairs.tolist(), found.pair, strict=True)
    }
    assert ease["a", "b", 0] == min(ease.values())
    assert ease["a", "b", 0] < -0.5
    assert abs(ease["b", "a", 0]) < 0.3
    bare = BKT(items=True, ability=True, forgets=True, without=("history",)).fit(events)
    assert not bare.bundle.hierarchy.pair.any()
    assert bare.bundle.hierarchy.pair_spread == 0.0
