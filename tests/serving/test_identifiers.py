"""Ids in addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.identifiers import decoded_path, quoted, restored, writable


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_id_comes_back_from_an_address_as_it_was(identifier):
    path = decoded_path(f"/v1/skills/{quoted(identifier)}".encode())
    _, _, _, segment = path.split("/")
    assert restored(segment) == identifier


@pytest.mark.parametrize("segment", ["%ff", "%fe", "%ed%a0%80", "a%2F%80"])
def test_an_address_that_is_not_utf8_is_refused_instead_of_meaning_another_id(world, segment):
    assert world.call("PUT", f"/v1/skills/{segment}", json={}).status_code == 422
    assert world.get(f"/{segment}").status_code == 404


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "x\udc2f"])
def test_text_that_no_store_can_hold_is_refused(text):
    with pytest.raises(ValueError, match="NUL"):
        writable(text)
