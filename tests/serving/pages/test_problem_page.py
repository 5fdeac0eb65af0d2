"""Errors are pages for people and problem documents for programs, and say the same."""

from __future__ import annotations

import pytest

from serving.pages.problem_page import prefers_html, problem_page


def test_an_unknown_class_is_a_friendly_page(world, browse):
    page = browse("/classes/nope")
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "Not found" in page.text


def test_a_program_gets_the_document(world):
    reply = world.get("/classes/nope")
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/nowhere", "/v1/nowhere", "/classes/", "/classes/7b/students"])
def test_addresses_that_do_not_exist_are_friendly_too(world, browse, path):
    page = browse(path)
    assert page.status_code == 404
    assert "Go to your classes" in page.text


def test_whoever_is_not_signed_in_is_told_how(bare):
    page = bare.client.request("GET", "/", headers={"accept": "text/html"})
    assert page.status_code == 401
    assert "sign-in link" in page.text
    assert "Sign out" not in page.text


def test_an_unknown_objective_is_named_with_what_exists(world, browse):
    page = browse("/classes/7b?objective=<b>knitting</b>")
    assert page.status_code == 422
    assert "proportion" in page.text
    assert "<b>" not in page.text


def test_an_unknown_sort_order_is_named(world, browse):
    page = browse("/classes/7b?sort=height")
    assert page.status_code == 422
    assert "height" in page.text


def test_every_fault_of_a_document_is_on_the_page():
    faults = [{"field": "n", "value": "0", "expected": "1 to 10"}] * 2
    page = problem_page(
        {"status": 422, "title": "x", "detail": "2 things are wrong", "errors": faults}
    )
    assert len(page.faults) == 2


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "text/csv"])
def test_programs_do_not_ask_for_html(accept):
    assert not prefers_html(accept)
