"""A page says which model it speaks for, and since when."""

from __future__ import annotations

from datetime import UTC, datetime

from serving.champion import ModelState
from serving.pages.source import source, source_line

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)


def test_the_line_names_the_model_and_what_it_learnt_from(model):
    line = source_line(source(model, ModelState(model, None, None)), NOW)
    assert f"version {model.version[:8]}" in line
    assert "1,000 answers and 40 students" in line
    assert "in use since" not in line


def test_the_files_date_is_when_the_model_took_over(model):
    stamp = (int(datetime(2026, 9, 3, tzinfo=UTC).timestamp() * 1e9), 1, 1)
    assert "in use since 3 Sep 2026" in source_line(
        source(model, ModelState(model, None, stamp)), NOW
    )


def test_a_file_that_was_refused_does_not_date_the_model_in_force(model):
    refused = ModelState(model, "damaged", (1, 1, 1))
    assert source(model, refused).since is None
