"""Fields are strict: nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from serving.fields import instant, share

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01T12:00:00Z",
        "2026-09-01T14:00:00+02:00",
        "2026-09-01T14:00:00 02:00",  # a "+" that an address turned into a blank
        "2026-09-01 12:00:00Z",
        "20260901T120000Z",
    ],
)
def test_one_time_may_be_written_in_many_ways(text):
    assert instant(text) == NOON


@pytest.mark.parametrize(
    "value",
    ["2026-09-01T12:00:00", "2026-09-01", "", "noon", 1788264000, None, True, "2026-02-30T00:00Z"],
)
def test_a_time_without_zone_or_sense_is_refused(value):
    with pytest.raises(ValueError, match="time zone"):
        instant(value)


@pytest.mark.parametrize(("value", "expected"), [(True, 1.0), (False, 0.0), (1, 1.0), (0.25, 0.25)])
def test_correct_is_a_number_or_a_truth_value(value, expected):
    assert share(value) == expected


@pytest.mark.parametrize("value", ["1", 1.01, -1, None, [], float("nan"), float("inf"), 10**400])
def test_correct_is_nothing_else(value):
    with pytest.raises(ValueError, match="from 0 to 1"):
        share(value)
