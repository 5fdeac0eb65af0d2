"""Who may open which page, and what an asset is served as."""

from __future__ import annotations

import pytest

PAGES = ("/", "/classes/7b", "/classes/7b/students/ana", "/classes/7b/report")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_who_is_there(world, path):
    assert world.get(path, None).status_code == 401


@pytest.mark.parametrize("path", PAGES[1:])
@pytest.mark.parametrize("role", ["student", "family", "data"])
def test_pages_with_names_are_for_those_who_teach(world, path, role):
    assert world.get(path, role).status_code == 403


@pytest.mark.parametrize("path", PAGES[1:])
@pytest.mark.parametrize("role", ["stranger", "foreign"])
def test_another_teacher_or_school_finds_nothing(world, path, role):
    assert world.get(path, role).status_code == 404


def test_assets_need_no_sign_in_and_keep_for_good(bare):
    for name, kind in (("trellis.css", "text/css"), ("trellis.svg", "image/svg+xml")):
        reply = bare.get(f"/assets/{name}", None)
        assert reply.headers["content-type"].startswith(kind)
        assert "immutable" in reply.headers["cache-control"]


@pytest.mark.parametrize("name", ["router.py", "..%2Frouter.py", "nope.css"])
def test_only_listed_files_are_assets(bare, name):
    assert bare.get(f"/assets/{name}", None).status_code == 404


@pytest.mark.parametrize(
    "path", ["/classes/%00", "/classes/" + "x" * 300, "/classes/7b?objective=%00", "/?q=%ff"]
)
def test_odd_addresses_are_never_our_fault(world, browse, path):
    assert browse(path).status_code < 500


def test_pages_are_not_part_of_the_described_api(bare):
    paths = bare.get("/openapi.json", None).json()["paths"]
    assert all(path.startswith(("/v1", "/healthz", "/readyz", "/metrics")) for path in paths)
