"""How many requests a credential may make: beyond that, 429 and when to come back.

A token bucket per credential and worker: it fills at the rate allowed, and holds what may come
at once. Whoever sends no credential shares one bucket by address.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from .auth import bearer
from .intake import API_PREFIX
from .problems import Problem, response

AT_ONCE = 2.0  # seconds' worth of requests that may come at once
MOST_CALLERS = 10_000


class Buckets:
    """What is left to each caller.

    >>> clock = iter([0.0, 0.0, 0.0, 1.0]).__next__
    >>> buckets = Buckets(rate=1.0, clock=clock)
    >>> [buckets.wait("ana") for _ in range(4)]
    [0.0, 0.0, 1.0, 0.0]
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._most = max(1.0, rate * AT_ONCE)
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, caller: str) -> float:
        """0 where the caller may go ahead; else the seconds until they may."""
        now = self._clock()
        left, since = self._left.pop(caller, (self._most, now))
        left = min(self._most, left + (now - since) * self._rate)
        allowed = left >= 1.0
        self._left[caller] = (left - 1.0 if allowed else left), now
        if len(self._left) > MOST_CALLERS:
            self._left.popitem(last=False)  # whoever came longest ago, and is full again
        return 0.0 if allowed else (1.0 - left) / self._rate


class Pace:
    """ASGI middleware: 429 for a caller of the API who asks more often than is allowed."""

    def __init__(self, app: ASGIApp, *, rate: float) -> None:
        self._app = app
        self._buckets = Buckets(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API_PREFIX):
            await self._app(scope, receive, send)
            return
        wait = self._buckets.wait(_caller(scope))
        if wait == 0.0:
            await self._app(scope, receive, send)
            return
        seconds = str(math.ceil(wait))
        problem = Problem(429, "too many requests: slow down", headers={"Retry-After": seconds})
        await response(problem)(scope, receive, send)


def _caller(scope: Scope) -> str:
    secret = bearer(scope)
    if secret is None:
        return str((scope.get("client") or ("nobody",))[0])
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
