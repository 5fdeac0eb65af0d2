"""The laws that every member of the family is held to, one list over all of them.

A member is a choice of what depends on more than the skill: items, resources, item order, records,
and forgetting (never, at a rate, or by the gap). All 48 are fitted to one tiny school, by MAP and
by plain likelihood.
"""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
import torch

from engine.beliefs import student_beliefs
from engine.contexts import keyed
from engine.online import Following
from engine.parameters import FORGET, GUESS, LEARN, PARAMETER_NAMES, PRIOR, SLIP
from engine.responses import Response
from models import BKT
from models.ascent import Ascent
from models.counts import count, gradient
from models.division import divided
from models.layout import layout_of
from models.sequences import sequences_of
from models.variants import coordinates_of

WORDS = ("items", "resources", "item_order", "priors")
FORGETTING = ((), ("forgets",), ("gaps",))
MEMBERS = [
    (*[word for word, on in zip(WORDS, chosen, strict=True) if on], *forgetting)
    for chosen in product((False, True), repeat=len(WORDS))
    for forgetting in FORGETTING
]
every_member = pytest.mark.parametrize("member", MEMBERS, ids="+".join)
both_goals = pytest.mark.parametrize("map_estimate", [True, False], ids=["map", "plain"])


def school(*, students=40, responses=8, seed=0):
    """Students who learn more from a video, forget over time, and meet items of any difficulty."""
    rng = np.random.default_rng(seed)
    rows = []
    for student in range(students):
        at = pd.Timestamp("2026-09-01", tz="UTC")
        known = {skill: rng.random() < 0.4 for skill in ("ratio", "slope")}
        for _ in range(2 * responses):
            skill = ("ratio", "slope")[int(rng.integers(2))]
            item, activity = int(rng.integers(4)), ("video", "quiz")[int(rng.integers(2))]
            gap = float(10 ** rng.uniform(1, 6))
            at += pd.Timedelta(seconds=gap)
            known[skill] &= rng.random() >= 0.05 * np.log10(gap) / 3
            right = rng.random() < (0.9 - 0.08 * item if known[skill] else 0.1 + 0.08 * item)
            rows.append((f"s{student:02}", skill, int(right), f"i{item}", activity, at))
            known[skill] |= rng.random() < (0.35 if activity == "video" else 0.1)
    return pd.DataFrame(rows, columns=["student", "skill", "correct", "item", "activity", "time"])


EVENTS = school()


@cache
def fitted(member, map_estimate):
    return BKT(map=map_estimate, **dict.fromkeys(member, True)).fit(EVENTS)


@cache
def history(student="s07"):
    rows = EVENTS[EVENTS["student"] == student]
    return [
        Response(f"{n:03}", student, (row.skill,), row.correct, row.time, row.item, row.activity)
        for n, row in zip(rows.index, rows.itertuples(), strict=True)
    ]


@cache
def under(member, map_estimate=True):
    """What a member reads, its tables at some place off any top, and its climb."""
    model = fitted(member, map_estimate)
    sequences = sequences_of(EVENTS)
    layout = layout_of(sequences, EVENTS, model.bundle.contexts)
    goal = model._objective(sequences.skills)
    skills = np.array([model.bundle.skills[name].parameters for name in sequences.skills])
    coordinates = coordinates_of(layout, goal, skills)
    start = np.concatenate([skills[rows.skill, p] for p, rows in enumerate(layout.rows)])
    shaken = coordinates.logits(start)
    shaken = shaken + np.random.default_rng(1).normal(0.0, 0.5, len(shaken))
    climb = Ascent(layout.indexed, sequences.skill_starts, coordinates)
    return layout.indexed, climb, shaken


def slow_forward(steps, estimate):
    """The joint probability of state and answers after each response, by the definition."""
    found, state = [], None
    for response, keys in steps:

        def rate(parameter, key):
            own = estimate.own(parameter, key)
            return estimate.parameters[parameter] if own is None else own

        if state is None:
            prior = rate(PRIOR, keys.prior)
            state = np.array([1 - prior, prior])
            move = np.eye(2)
        else:
            learn, forget = rate(LEARN, keys.learn), rate(FORGET, keys.forget)
            move = np.array([[1 - learn, learn], [forget, 1 - forget]])
            state = state @ move
        guess, slip = rate(GUESS, keys.item), rate(SLIP, keys.item)
        right = np.array([guess, 1 - slip])
        shown = right if response.correct else 1 - right
        found.append((state.copy(), shown, right, move))
        state = state * shown
    return found


def slow(member, map_estimate, student="s07"):
    """P(correct), P(mastered) filtered and smoothed of every response, by matrices, by place."""
    model = fitted(member, map_estimate)
    histories = {}
    for response, keys in keyed(history(student), model.bundle.contexts):
        histories.setdefault(response.skill, []).append((response, keys))
    rows = {}
    for skill, steps in histories.items():
        forward = slow_forward(steps, model.bundle.skills[skill])
        ahead = np.ones(2)
        for (response, _), (state, shown, right, move) in zip(
            reversed(steps), reversed(forward), strict=True
        ):
            after = state * shown
            both = after * ahead
            rows[int(response.id)] = (
                (state * right).sum() / state.sum(),
                after[1] / after.sum(),
                both[1] / both.sum(),
                after.sum(),
            )
            ahead = move @ (shown * ahead)
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["p_correct", "p_mastery", "p_mastery_smoothed", "joint"]
    ).sort_index()


@both_goals
@every_member
def test_it_converges_and_every_number_is_a_probability(member, map_estimate):
    model = fitted(member, map_estimate)
    assert model.bundle.facts["converged"]
    assert model.bundle.facts["largest_gradient"] <= 1e-3
    rates = [model.params[name] for name in PARAMETER_NAMES]
    traced = model.trace(EVENTS, smoothed=True)
    shown = traced.drop(columns=["source_row", "pooled"])
    for values in (*rates, model.rows["value"], *(shown[name] for name in shown)):
        assert values.between(0.0, 1.0).all()
    assert not traced["pooled"].any()


@both_goals
@every_member
def test_predicted_filtered_and_smoothed_are_what_matrices_say(member, map_estimate):
    expected = slow(member, map_estimate)
    traced = fitted(member, map_estimate).trace(EVENTS, smoothed=True, intervals=False)
    for name in ("p_correct", "p_mastery", "p_mastery_smoothed"):
        np.testing.assert_allclose(traced.loc[expected.index, name], expected[name], atol=1e-12)


@both_goals
@every_member
def test_the_log_likelihood_is_the_sum_over_predictions(member, map_estimate):
    model = fitted(member, map_estimate)
    p = model.predict(EVENTS)
    total = np.log(np.where(EVENTS["correct"] == 1, p, 1 - p)).sum()
    assert model.bundle.facts["log_likelihood"] == pytest.approx(total, rel=1e-10)


@every_member
def test_followed_online_it_believes_what_the_whole_history_says(member):
    bundle = fitted(member, True).bundle
    one_by_one, at_once = Following(bundle), Following(bundle).after_all(history())
    for response in history():
        one_by_one = one_by_one.after(response)
    for skill, belief in student_beliefs(history(), bundle).items():
        for followed in (one_by_one, at_once):
            found = followed.belief(skill)
            assert found.state == belief.state
            for name in ("p_mastery", "low", "high", "p_correct"):
                assert getattr(found, name) == pytest.approx(getattr(belief, name), abs=1e-12)


@every_member
def test_expected_counts_add_up(member):
    indexed, climb, here = under(member)
    tables = climb.coordinates.tables(climb.coordinates.values(here))
    counts = count(indexed, climb.division, tables).counts
    responses, sequences = len(EVENTS), indexed.sequences
    assert counts.guess.sum() + counts.slip.sum() == pytest.approx(responses, rel=1e-12)
    assert counts.prior.sum() == pytest.approx(sequences, rel=1e-12)
    steps = counts.learn.sum() + counts.forget.sum()
    assert steps == pytest.approx(responses - sequences, rel=1e-12)


@both_goals
@every_member
def test_no_em_step_lowers_the_objective(member, map_estimate):
    _, climb, here = under(member, map_estimate)
    everything = np.arange(climb.skills)
    point = climb.at(here, everything)
    for _ in range(12):
        step = climb.at(point.onward, everything)
        assert (step.height >= point.height - 1e-9).all()
        point = step


@every_member
def test_the_gradient_equals_finite_differences(member):
    _, climb, here = under(member)
    everything = np.arange(climb.skills)
    slope = climb.at(here, everything).gradient
    places = np.flatnonzero(climb.coordinates.free)
    for place in places[:: max(len(places) // 12, 1)]:
        shift = np.zeros(len(here))
        shift[place] = 1e-4
        high, low = (climb.at(here + side * shift, everything).height for side in (1, -1))
        expected = ((high - low) / 2e-4)[climb.coordinates.owner[place]]
        assert slope[place] == pytest.approx(expected, abs=1e-5)


def unrolled(indexed, tables):
    """log P(answers) in torch operations alone, one response after the other."""
    total = torch.zeros((), dtype=torch.float64)
    prior, learn, forget, guess, slip = (table[:, 0] for table in tables)
    for sequence in range(indexed.sequences):
        known = prior[indexed.prior[sequence]]
        for event in range(indexed.starts[sequence], indexed.starts[sequence + 1]):
            if event > indexed.starts[sequence]:
                row = indexed.transition[event]
                known = known * (1 - forget[row]) + (1 - known) * learn[row]
            row, right = indexed.emission[event], indexed.correct[event]
            if_known = 1 - slip[row] if right else slip[row]
            if_unknown = guess[row] if right else 1 - guess[row]
            p = known * if_known + (1 - known) * if_unknown
            total = total + torch.log(p)
            known = known * if_known / p
    return total


@every_member
def test_the_gradient_is_what_torch_finds_for_the_slow_version(member):
    indexed, climb, here = under(member)
    few = 8  # sequences
    last = indexed.starts[few]
    part = indexed._replace(
        starts=indexed.starts[: few + 1],
        correct=indexed.correct[:last],
        prior=indexed.prior[:few],
        transition=indexed.transition[:last],
        emission=indexed.emission[:last],
    )
    tables = climb.coordinates.tables(climb.coordinates.values(here))
    # the derivative is asked for inside, where every member forgets a little
    tables = tables._replace(forget=np.maximum(tables.forget, 0.03))
    leaves = [torch.tensor(table, requires_grad=True) for table in tables]
    total = unrolled(part, leaves)
    total.backward()
    found = count(part, divided(part, np.arange(few + 1)), tables)
    assert found.log_likelihood.sum() == pytest.approx(total.item(), rel=1e-12)
    for slope, leaf in zip(gradient(found.counts, tables), leaves, strict=True):
        np.testing.assert_allclose(slope, leaf.grad.numpy(), rtol=1e-9, atol=1e-9)


def simpler(member):
    for word in member:
        rest = tuple(other for other in member if other != word)
        yield (*rest, "forgets") if word == "gaps" else rest


@every_member
def test_more_freedom_never_lowers_the_plain_likelihood(member):
    own = fitted(member, False).bundle.facts["log_likelihood"]
    for rest in simpler(member):
        assert own >= fitted(rest, False).bundle.facts["log_likelihood"] - 1e-6


@every_member
def test_under_map_guess_and_slip_stay_below_one(member):
    model = fitted(member, True)
    assert (model.params["guess"] + model.params["slip"] < 1.0).all()
    for estimate in model.bundle.skills.values():
        assert all(item.guess + item.slip < 1.0 for item in estimate.items.values())
        assert "guess+slip>=1" not in estimate.flags


@pytest.mark.parametrize(
    ("member", "map_estimate"),
    [(m, True) for m in MEMBERS] + [(m, False) for m in MEMBERS if len(m) < 2],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else f"map={value}",
)
def test_students_may_come_in_any_order(member, map_estimate):
    students = np.random.default_rng(4).permutation(EVENTS["student"].unique())
    mixed = pd.concat([EVENTS[EVENTS["student"] == student] for student in students])
    again = BKT(map=map_estimate, **dict.fromkeys(member, True)).fit(mixed)
    before = fitted(member, map_estimate)
    expected = before.bundle.facts["log_likelihood"]
    assert again.bundle.facts["log_likelihood"] == pytest.approx(expected, abs=1e-4)
    if map_estimate:  # plain likelihood may be flat at its top
        p = again.trace(EVENTS, intervals=False)["p_correct"]
        np.testing.assert_allclose(p, before.predict(EVENTS), atol=1e-3)


@every_member
def test_what_it_never_saw_is_pooled_and_flagged_never_an_error(member):
    model = fitted(member, True)
    unseen = EVENTS.head(6).assign(skill="new", item="new", activity="new")
    traced = model.trace(unseen)
    assert traced["pooled"].all()
    assert traced["p_correct"].between(0.0, 1.0, inclusive="neither").all()
    assert not traced.isna().any().any()
