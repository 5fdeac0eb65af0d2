"""The front page: the teacher's own classes, and how many need support now."""

from __future__ import annotations


def test_without_classes_it_says_how_to_get_some(browse):
    page = browse("/")
    assert page.status_code == 200
    assert "No classes yet" in page.text


def test_a_class_shows_its_size_and_who_needs_support(world, browse, answer):
    wrong = [answer(i, skills=["fractions"], correct=False) for i in range(6)]
    world.send(*wrong, *(answer(i + 50, skills=["ratios"], correct=False) for i in range(6)))
    page = browse("/").text
    assert "2 students" in page
    assert "<strong>1</strong> needs support now" in page
    assert "<strong>1</strong> without enough evidence" in page


def test_those_who_sit_on_level_for_want_of_evidence_are_counted_apart(world, browse, answer):
    world.send(answer(1, correct=True))
    assert "on level, 1 of them provisional" in browse("/").text


def test_a_colleagues_class_is_not_there(world, browse):
    world.store.put_roster(
        "north",
        [],
        [{"id": "9z", "name": "9Z", "teacher": "mr-stone", "students": []}],
        now=world.now,
    )
    assert "9Z" not in browse("/").text


def test_an_empty_class_says_so(world, browse):
    world.store.put_roster(
        "north", [], [{"id": "8x", "teacher": "ms-rivera", "students": []}], now=world.now
    )
    page = browse("/").text
    assert "8x" in page
    assert "No students yet." in page


def test_before_there_is_a_model_the_classes_are_listed_all_the_same(world, browse):
    (world.folder / "model" / "bundle.json").unlink()
    page = browse("/").text
    assert "No model yet" in page
    assert ">7b</a>" in page
