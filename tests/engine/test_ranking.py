"""The score is a product of named terms, and each weight moves its own term only."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from math import fsum, log

import pytest

from engine.constraints import options_for
from engine.overrides import Override, rulings
from engine.ranking import DEFAULT_WEIGHTS, Weights, scores, suitable_level
from engine.tasks import tasks_for

TERM = datetime(2026, 9, 1, tzinfo=UTC)
TERMS_OF_WEIGHT = {
    "goal": {"towards_goal"},
    "waiting": {"opens_up"},
    "prerequisite": {"prerequisite_held", "prerequisites_held", "prerequisites_unsure"},
    "one_level_off": {"level_easier", "level_harder"},
    "two_levels_off": {"level_easier", "level_harder"},
    "asks_nothing": {"asks_nothing"},
    "only_checks": {"only_checks"},
    "not_a_check": {"not_a_check"},
    "done_before": {"done_before"},
    "just_done": {"just_done"},
}
SITUATIONS = [
    ({}, {"goal": "rate"}),
    ({}, {"intent": "diagnose"}),
    ({"fraction": "1111", "ratio": "10"}, {}),
    ({"fraction": "111"}, {"intent": "assess"}),
    ({"fraction": "1111000"}, {"goal": "slope"}),
]


def scored(now, weights=DEFAULT_WEIGHTS):
    return scores(now, options_for(now, tasks_for(now)), weights)


def everything(situation, weights=DEFAULT_WEIGHTS):
    """Scores over enough situations for every term to occur."""
    found = [
        s for answers, asked in SITUATIONS for s in scored(situation(answers, **asked), weights)
    ]
    mixed = situation({"fraction": "1"}, activity="fraction-steps")
    return [*found, *scored(replace(mixed, last=None), weights)]


@pytest.mark.parametrize("weight", [field.name for field in fields(Weights)])
def test_each_weight_moves_its_own_term_and_no_other(situation, weight):
    changed = replace(DEFAULT_WEIGHTS, **{weight: 0.9 * getattr(DEFAULT_WEIGHTS, weight)})
    moved = set()
    for before, after in zip(everything(situation), everything(situation, changed), strict=True):
        for old, new in zip(before.reasons, after.reasons, strict=True):
            assert old.code == new.code
            if old.weight != new.weight:
                moved.add(old.code)
    assert moved
    assert moved <= TERMS_OF_WEIGHT[weight]


@pytest.mark.parametrize("weight", ["goal", "one_level_off", "just_done"])
def test_under_the_index_rule_too(situation, trusted, weight):
    def planned(answers, **asked):
        return situation(answers, bundle=trusted, **asked)

    changed = replace(DEFAULT_WEIGHTS, **{weight: 0.9 * getattr(DEFAULT_WEIGHTS, weight)})
    moved = {
        old.code
        for before, after in zip(everything(planned), everything(planned, changed), strict=True)
        for old, new in zip(before.reasons, after.reasons, strict=True)
        if old.weight != new.weight
    }
    assert moved == TERMS_OF_WEIGHT[weight]


def test_the_index_rule_scores_a_skill_by_index_readiness_and_stakes(situation, trusted):
    now = situation({"fraction": "1111"}, bundle=trusted)
    one = next(s for s in scored(now) if s.option.task.skill == "ratio")
    value, ready, pace, stakes = (reason.weight for reason in one.reasons[:4])
    row = now.plan.rows["ratio"]
    assert one.reasons[0].code == "index"
    assert (value, ready) == pytest.approx((now.terms.value[row], now.terms.readiness[row]))
    assert [reason.code for reason in one.reasons[2:4]] == ["pace", "leads_on"]
    assert pace == pytest.approx(now.terms.pace[row])
    assert stakes == pytest.approx(now.terms.stakes[row])


def test_what_the_logs_say_of_activities_is_a_term_of_its_own(situation, trusted):
    told = replace(trusted.pooled, learns={"fraction-video": 0.4, "fraction-steps": 0.05})
    apart = replace(trusted, skills={**trusted.skills, "fraction": told})
    found = {s.option.activity.id: s for s in scored(situation({}, bundle=apart))}
    weights = {
        activity: {reason.code: reason.weight for reason in one.reasons}
        for activity, one in found.items()
    }
    assert weights["fraction-video"]["teaches"] > weights["fraction-steps"]["teaches"]
    assert max(one["teaches"] for one in weights.values()) == 0.0
    assert "asks_nothing" not in weights["fraction-video"]


def test_a_skipped_prerequisite_takes_nothing_away(situation, trusted):
    now = situation({}, bundle=trusted)
    said = Override(
        "o1",
        "skip_prerequisite",
        said_at=TERM,
        expires_at=TERM + timedelta(days=7),
        student="ana",
        skill="ratio",
        prerequisite="fraction",
        reason="knows it from elsewhere",
    )
    skipping = replace(now, rulings=rulings([said], now.curriculum, student="ana", at=TERM))
    assert now.speed("ratio") < 0.1
    assert skipping.speed("ratio") == 1.0


def test_the_reasons_sum_to_the_log_score_and_there_are_at_least_two(situation):
    for one in everything(situation):
        assert fsum(reason.weight for reason in one.reasons) == pytest.approx(log(one.score))
        assert len(one.reasons) >= 2
        assert len({reason.code for reason in one.reasons}) == len(one.reasons)


def test_more_mastery_never_asks_for_easier_work():
    levels = ["support", "on-level", "advanced"]
    suited = [levels.index(suitable_level(p / 100)) for p in range(101)]
    assert suited == sorted(suited)


def test_inside_a_skill_new_questions_come_before_the_same_again_and_that_before_none():
    w = DEFAULT_WEIGHTS
    levels, checks = (1.0, w.one_level_off, w.two_levels_off), (1.0, w.only_checks)
    asking = [level * check for level, check in product(levels, checks)]
    fresh = [a * before for a, before in product(asking, (1.0, w.done_before))]
    again = [a * w.just_done for a in asking]
    silent = [level * w.asks_nothing for level in levels]
    assert min(fresh) > max(again)
    assert min(again) > max(silent)


def test_where_nothing_can_be_gained_the_score_is_still_a_number(situation, bundle, trusted):
    now = situation({"fraction": "1111000"}, bundle=trusted)
    hopeless = replace(bundle.pooled, parameters=bundle.pooled.parameters._replace(learn=0.0))
    stale = replace(now, bundle=replace(trusted, skills=dict.fromkeys(bundle.skills, hopeless)))
    assert all(0.0 < one.score < 1.0 for one in scored(stale))


def test_a_level_the_catalogue_does_not_explain_counts_as_on_level(situation):
    now = situation({"fraction": "01"})
    option = options_for(now, tasks_for(now))[0]
    odd = option._replace(activity=replace(option.activity, level="grade 7"))
    usual = option._replace(activity=replace(option.activity, level="on-level"))
    one, other = scores(now, [odd, usual])
    assert one.score == other.score


def test_a_prerequisite_is_called_held_only_where_it_is(situation):
    def said(answers, **asked):
        found = scored(situation(answers, **asked))
        return {one.option.task.skill: one.reasons[1].code for one in found}

    assert said({"fraction": "1111"})["ratio"] == "prerequisite_held"
    assert said({}, intent="diagnose")["ratio"] == "prerequisites_unsure"
    held = {"fraction": "1111", "ratio": "1111", "percent": "1111"}
    assert said(held)["rate"] == "prerequisites_held"


def test_a_students_own_speed_is_a_term_of_its_own(situation, trusted):
    slow = situation(dict.fromkeys(("fraction", "ratio"), "00000000"), bundle=trusted)
    found = {reason.code: reason for reason in scored(slow)[0].reasons}
    assert found["pace"].weight < 0.0
    assert "times as fast as usual" in found["pace"].text
    nobody_knows = {
        reason.code for one in scored(situation({}, bundle=trusted)) for reason in one.reasons
    }
    assert "pace" not in nobody_knows


def test_the_careful_rule_does_not_go_by_speed(situation):
    now = situation({"fraction": "00000000"})
    assert all(reason.code != "pace" for one in scored(now) for reason in one.reasons)
    assert now.pace.speed == 1.0
