"""Which form a caller gets, by its `Accept` header."""

from __future__ import annotations

import pytest

from serving.negotiation import CSV, HTML, JSON, NotAcceptable, chosen

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", JSON),
        ("*/*", JSON),
        (BROWSER, HTML),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/csv;q=.9, application/json;q=.1", CSV),
        ("text/csv;q=.5, */*", JSON),
        ("text/*, application/json;q=.9", HTML),
        ("application/json;q=0, */*;q=.1", HTML),
        ("text/csv;q=high, application/json;q=.1", JSON),
        ("application/*", JSON),
    ],
)
def test_the_form_liked_best_is_given(accept, form):
    assert chosen(accept, [JSON, HTML, CSV]) == form


@pytest.mark.parametrize(
    "accept", ["image/png", "application/json;q=0", ",", "text/html;q=0, json"]
)
def test_a_caller_who_takes_nothing_there_is_is_told_what_there_is(accept):
    with pytest.raises(NotAcceptable, match=r"application/json"):
        chosen(accept, [JSON])


def test_it_is_a_problem_document(world):
    reply = world.get("/v1/classes/7b/mastery", headers={"Accept": "image/png"})
    assert reply.status_code == 406
    assert "text/csv" in reply.json()["detail"]
