"""Pages take up what happened since, with nothing to restart and nothing to refresh."""

from __future__ import annotations

from engine.bundle import encode, versioned

CLASS = "/classes/7b?objective=proportion"


def test_a_new_answer_is_on_the_next_page(world, browse, answer, numbers):
    assert numbers(browse(CLASS).text) == []
    world.send(answer(1))
    assert len(numbers(browse(CLASS).text)) == 1


def test_a_new_model_is_on_the_next_page(world, browse, answer, bundle, promote):
    world.send(answer(1))
    renamed = versioned(type(bundle)("renamed", bundle.skills, bundle.pooled, {}))
    promote(encode(renamed))
    assert f"model renamed, version {renamed.version[:8]}" in browse(CLASS).text


def test_reading_a_page_decides_nothing_for_good(world, browse, answer):
    world.send(answer(1))
    first, second = browse(CLASS).text, browse(CLASS).text
    assert first == second


def test_a_skill_the_model_never_learnt_is_marked_as_standing_in(
    world, browse, answer, bundle, promote
):
    world.send(answer(1))
    assert "average skill" not in browse(CLASS).text
    promote(encode(versioned(type(bundle)("classic", {}, bundle.pooled, {}))))
    assert "average skill’s values" in browse(CLASS).text
