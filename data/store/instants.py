"""Moments as the store keeps them: whole microseconds since 1970, UTC.

Exact, sortable and the same in every database; a float of seconds would lose the last digits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.errors import InvalidInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# A time of the year 1 or 9999 may, in its own zone, stand for one that UTC cannot write.
FIRST = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LAST = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND


def microseconds(moment: datetime, place: str = "time") -> int:
    """The moment as microseconds since 1970.

    Raises `InvalidInput` where it has no time zone, or is none of the years 1 to 9999 in UTC.

    >>> microseconds(datetime(1970, 1, 2, tzinfo=UTC))
    86400000000
    """
    if moment.utcoffset() is None:
        raise InvalidInput.at(place, moment.isoformat(), "a time with a time zone")
    count = (moment - EPOCH) // MICROSECOND
    if not FIRST <= count <= LAST:
        raise InvalidInput.at(place, moment.isoformat(), "a time of the years 1 to 9999 in UTC")
    return count


def instant(count: int) -> datetime:
    """The moment that `microseconds` counted, in UTC.

    >>> instant(86400000000).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return EPOCH + timedelta(0, 0, count)  # by place: a third faster, and asked for every answer
