"""How a server uses memory: it searches seldom for garbage, and keeps few heaps.

What a request makes is values without cycles, by the ten thousand; they go when nobody holds them.
To search among them every 700, as Python does by itself, costs a quarter of the time of a belief.
"""

from __future__ import annotations

import ctypes
import gc
import sys

THRESHOLDS = 50_000, 20, 100
"""New values before a search among them, and searches before one among older and oldest."""


def collect_seldom() -> None:
    """The collector searches seldom from now on, in this process."""
    gc.set_threshold(*THRESHOLDS)


HEAPS = -8, 2  # glibc's M_ARENA_MAX, and how many


def keep_few_heaps() -> None:
    """Threads share two heaps, where the C library can be told so, in this process.

    With one for each of forty threads, as it is by default, a tenth of a worker's memory is holes;
    and Python lets one thread run at a time anyway.
    """
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        if hasattr(library, "mallopt"):  # musl has none
            library.mallopt(*HEAPS)
