"""`trellis bench`: its words; what it measures is tested where it is measured."""

import pytest


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["fitting"], "TRELLIS_REAL_DATA"),
        (["fitting", "--data", "nowhere"], "nowhere"),
        (["speed"], "speed"),
    ],
)
def test_bad_words_are_named(trellis, monkeypatch, words, named):
    monkeypatch.delenv("TRELLIS_REAL_DATA", raising=False)
    ran = trellis("bench", *words)
    assert ran.status == 2
    assert named in ran.err
