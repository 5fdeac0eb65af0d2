"""Pages leave under strict headers, and everything on them is escaped."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from serving.pages.rendering import ASSETS, HERE, address, asset, asset_address, rendered


def test_a_page_allows_nothing_foreign(world, browse):
    policy = browse("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_pages_with_childrens_names_are_never_stored(browse):
    assert browse("/").headers["cache-control"] == "no-store"


def test_no_template_carries_a_script_or_a_style_of_its_own():
    for template in (HERE / "templates").iterdir():
        text = template.read_text("utf-8").lower()
        assert "<script" not in text
        assert "style=" not in text
        assert "|safe" not in text.replace(" ", "")


def test_nothing_is_fetched_from_elsewhere():
    for name in ASSETS:
        text = asset(name).decode()
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_an_asset_is_addressed_by_its_content():
    assert asset_address("trellis.css").startswith("/assets/trellis.css?v=")
    with pytest.raises(KeyError):
        asset("../rendering.py")


def test_a_value_that_is_missing_is_an_error_and_not_a_blank():
    with pytest.raises(UndefinedError):
        rendered("classes.html", object())


@pytest.mark.parametrize("odd", ["km/h", "Volume (3D)", "C++", "数学", "a?b#c&d=e", "x y"])
def test_odd_ids_survive_in_addresses(odd):
    assert "/" not in address(odd)[1:].partition("?")[0]
    assert address("a", q=odd).isascii()
