"""Schemas in words."""

from __future__ import annotations

import pytest

from serving.documentation.views import type_in_words


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date-time"}, "date-time"),
        ({"enum": ["a", "b"]}, "a | b"),
        ({"const": "need"}, "need"),
        ({"type": "array", "items": {"$ref": "#/x/Event"}}, "list of Event"),
        ({}, "anything"),
    ],
)
def test_a_type_is_a_few_words(schema, words):
    assert type_in_words(schema) == words
