"""How often Python looks for garbage that only a search can find: seldom, in a server.

What a request makes is values without cycles, by the ten thousand; they go when nobody holds them.
To search among them every 700, as Python does by itself, costs a quarter of the time of a belief.
"""

from __future__ import annotations

import gc

THRESHOLDS = 50_000, 20, 100
"""New values before a search among them, and searches before one among older and oldest."""


def collect_seldom() -> None:
    """The collector searches seldom from now on, in this process."""
    gc.set_threshold(*THRESHOLDS)
