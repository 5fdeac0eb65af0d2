"""What was looked up a moment ago, so that not every request asks the database who is calling."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")
TRUSTED_SECONDS = 1.0
"""How long another process's change may go unnoticed: a key revoked there still opens this long."""
MOST = 10_000


class Remembered(Generic[Value]):
    """Values by key, each for a second; safe to use from many threads.

    >>> clock = iter([0.0, 0.5, 2.0]).__next__
    >>> seen = Remembered(clock=clock)
    >>> seen.keep("key", "ana")
    >>> seen.get("key"), seen.get("key")
    ('ana', None)
    """

    def __init__(
        self, seconds: float = TRUSTED_SECONDS, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[str, tuple[Value, float]] = {}

    def get(self, key: str) -> Value | None:
        """The value, if it was kept within the last second."""
        found = self._kept.get(key)
        if found is None or self._clock() > found[1]:
            return None
        return found[0]

    def keep(self, key: str, value: Value) -> None:
        """The value is known from now on, for a second."""
        if len(self._kept) >= MOST:
            self._kept = {}
        self._kept[key] = value, self._clock() + self._seconds

    def forget(self) -> None:
        """Nothing is known any more: what comes next is looked up."""
        self._kept = {}
