"""The options that several commands share."""

import argparse
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from trellis.words import column_names, settings_of


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (None, None),
        ("student=user_id", {"student": "user_id"}),
        (
            " student = user id , skill=KC (Default)",
            {"student": "user id", "skill": "KC (Default)"},
        ),
        ("skill=a=b", {"skill": "a=b"}),
    ],
)
def test_columns_are_named_ours_to_theirs(words, names):
    assert column_names(words) == names


@pytest.mark.parametrize(
    "words", ["", "student", "student=", "=user", "student=user,", "skill=a,skill=b"]
)
def test_half_a_column_name_or_two_are_refused(words):
    with pytest.raises(InvalidInput, match="--columns"):
        column_names(words)


def test_the_command_line_wins_over_the_environment(monkeypatch):
    monkeypatch.setenv("TRELLIS_MODEL_DIR", "from-environment")
    monkeypatch.setenv("TRELLIS_DATABASE_URL", "sqlite:///environment.db")
    found = settings_of(argparse.Namespace(database=None, model_dir="said"))
    assert (found.model_dir, found.database_url) == (Path("said"), "sqlite:///environment.db")
