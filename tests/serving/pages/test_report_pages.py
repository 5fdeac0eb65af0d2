"""Reports as pages, of names and classes that are not the usual ones."""

from __future__ import annotations

import pytest


def test_a_class_of_nobody_says_so_and_shows_no_empty_tables(world, browse):
    world.call("PUT", "/v1/classes/7b", json={"teacher": "ms-rivera", "students": []})
    shown = browse("/classes/7b/report")
    assert shown.status_code == 200
    assert "No students yet" in shown.text
    assert "<table" not in shown.text


def test_a_name_from_right_to_left_stays_apart_from_the_words_around_it(world, browse):
    world.call("PUT", "/v1/students/ana", json={"name": "\u05e9\u05e8\u05d4"})
    assert "How \u2068\u05e9\u05e8\u05d4\u2069 is doing" in browse("/students/ana/report").text


@pytest.mark.parametrize("name", ["Ana", "Wolfe\u00df-K\u00f6nig", "\u674e\u5c0f\u9f8d"])
def test_other_names_stand_as_they_are(world, browse, name):
    world.call("PUT", "/v1/students/ana", json={"name": name})
    assert f"How {name} is doing" in browse("/students/ana/report").text
