"""The page of a class: what it says is what the exports say, and the empty states speak."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest

from engine.bundle import encode

CLASS = "/classes/7b?objective=proportion"


@pytest.fixture
def taught(world, answer):
    """Ana is getting on, Ben has one answer."""
    world.send(*(answer(i, correct=i != 1) for i in range(6)))
    world.send(*(answer(10 + i, skills=["ratios"]) for i in range(3)))
    world.send(answer(30, student="ben"))
    return world


def exported(text, page, kind):
    link = re.search(rf'href="([^"]*format={kind}[^"]*)"', text).group(1)
    return page(html.unescape(link))


def test_every_number_on_the_page_is_in_the_json_exactly(taught, browse, numbers):
    page = browse(CLASS).text
    twin = exported(page, browse, "json").json()
    believed = [s["p_mastery"] for one in twin["students"] for s in one["skills"] if s["n"]]
    assert sorted(numbers(page)) == sorted(believed)
    assert len(believed) == 3


def test_every_number_on_the_page_is_in_the_csv_exactly(taught, browse, numbers):
    page = browse(CLASS).text
    rows = csv.DictReader(io.StringIO(exported(page, browse, "csv").text))
    assert sorted(numbers(page)) == sorted(float(r["p_mastery"]) for r in rows if r["n"] != "0")


def test_the_tiers_are_those_of_the_api(taught, browse):
    page = browse(CLASS).text
    asked = taught.call("POST", "/v1/classes/7b/groupings", json={"objective": "proportion"})
    grouping = asked.json()
    counts = dict(re.findall(r'id="tier-([\w-]+)">[^<]*<span class="count">(\d+)<', page))
    assert {g["tier"]: str(len(g["students"])) for g in grouping["groups"]} == {
        tier: n for tier, n in counts.items() if tier != "unplaced"
    }
    assert counts["unplaced"] == str(len(grouping["unplaced"]))


def test_thin_evidence_looks_like_a_hint(taught, browse):
    page = browse(CLASS).text
    cell = re.search(r'<td class="cell thin[^"]*">.*?</td>', page, re.DOTALL).group(0)
    assert "≈" in cell
    assert "Too early to say" in cell
    assert "1 answer<" in cell


def test_a_student_without_answers_shows_no_number_of_their_own(taught, browse):
    cells = re.findall(r'<td class="cell unseen[^"]*">.*?</td>', browse(CLASS).text, re.DOTALL)
    assert cells
    assert not any("<data" in cell for cell in cells)


def test_without_an_objective_it_shows_what_the_class_works_on(taught, browse):
    assert '<option value="proportion" selected>' in browse("/classes/7b").text


def test_it_sorts_by_name_on_request(taught, browse):
    page = browse(CLASS + "&sort=name").text
    names = re.findall(r'<th scope="row" class="who"><a [^>]*>(\w+)<', page)
    assert names == ["Ana", "Ben"]


def test_names_are_escaped(world, browse):
    evil = "<script>alert('x')</script>\"&"
    world.store.put_roster(
        "north", [{"id": "ana", "name": evil}], [class_of("ana", name=evil)], now=world.now
    )
    for path in ("/", CLASS, "/classes/7b/students/ana"):
        page = browse(path).text
        assert "<script" not in page
        assert (
            html.escape(evil, quote=True).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
            in page
        )


def class_of(*students, **changes):
    return {"id": "7b", "name": "7b", "teacher": "ms-rivera", "students": [*students], **changes}


@pytest.mark.parametrize("odd", ["C++", "km/h", "Volume (3D)", "数学?#&"])
def test_links_of_students_with_odd_ids_lead_to_them(world, browse, odd):
    world.store.put_roster("north", [{"id": odd, "name": odd}], [class_of(odd)], now=world.now)
    link = re.search(r'class="who"><a href="([^"]+)"', browse(CLASS).text).group(1)
    assert html.escape(odd, quote=False) in browse(html.unescape(link)).text


def test_a_class_without_students_says_so(world, browse):
    world.store.put_roster("north", [], [class_of()], now=world.now)
    assert "No students yet" in browse(CLASS).text


def test_without_objectives_it_says_what_to_do(bare, browse, promote, bundle):
    promote(encode(bundle))
    bare.store.put_roster("north", [{"id": "ana"}], [class_of("ana")], now=bare.now)
    assert "No objectives yet" in browse("/classes/7b").text


def test_before_there_is_a_model_it_says_so(world, browse):
    (world.folder / "model" / "bundle.json").unlink()
    page = browse(CLASS)
    assert page.status_code == 200
    assert "No model yet" in page.text


def test_the_table_can_be_read_aloud(taught, browse):
    page = browse(CLASS).text
    table = page[page.index('<table class="matrix">') : page.index("</table>")]
    assert "<caption>" in table
    assert all("scope=" in head for head in re.findall(r"<th\s[^>]*>", table))
    assert table.count('scope="row"') == 2
