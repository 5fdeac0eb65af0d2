from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store.instants import instant, microseconds
from engine.errors import InvalidInput


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_reads_back_to_the_microsecond(moment):
    assert instant(microseconds(moment)) == moment


def test_time_zones_are_told_apart():
    noon_in_delhi = datetime(2026, 9, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert instant(microseconds(noon_in_delhi)) == datetime(2026, 9, 1, 6, 30, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused_by_its_place():
    with pytest.raises(InvalidInput, match="as_of"):
        microseconds(datetime(2026, 9, 1), "as_of")  # noqa: DTZ001


@pytest.mark.parametrize(
    "moment",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_a_time_that_utc_cannot_write_is_refused(moment):
    with pytest.raises(InvalidInput, match="years 1 to 9999"):
        microseconds(moment)
