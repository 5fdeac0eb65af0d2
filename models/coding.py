"""A number for every distinct value of a column: names read as fast as their bytes can be.

Reading names is what a fit of a large skill costs most. Texts that Arrow holds are hashed where
they lie, and a name that repeats the one before it, as most do in a log, is not even hashed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numba import njit

from engine.tables import Integers

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
FIRST_SLOTS = 1 << 12
WIDEST = 4  # times as many whole numbers as rows: up to there a table of flags beats hashing
NONE = -1


def codes_of(column: pd.Series[Any]) -> tuple[Integers, Sequence[Any]]:
    """A number for every distinct value, −1 where there is none, and the values.

    >>> codes_of(pd.Series(["b", "a", None, "b"], dtype="str"))
    (array([ 0,  1, -1,  0]), ['b', 'a'])
    """
    if pd.api.types.is_integer_dtype(column.dtype) and isinstance(column.dtype, np.dtype):
        return _whole_numbers(column)
    arrow = getattr(column.array, "__arrow_array__", None)
    if arrow is None:
        codes, found = pd.factorize(column)
        return codes.astype(np.int64, copy=False), list(found)
    held = arrow()
    held = held.combine_chunks() if hasattr(held, "combine_chunks") else held
    if str(held.type) == "large_string" and not held.null_count and len(held):
        return _texts(held)
    encoded = held.dictionary_encode()
    codes = encoded.indices.fill_null(NONE).to_numpy().astype(np.int64)
    return codes, encoded.dictionary.to_pylist()


def _whole_numbers(column: pd.Series[Any]) -> tuple[Integers, Sequence[Any]]:
    numbers = column.to_numpy()
    if not len(numbers):
        return np.empty(0, dtype=np.int64), []
    low, high = int(numbers.min()), int(numbers.max())
    if high - low > WIDEST * len(numbers):
        codes, found = pd.factorize(column)
        return codes.astype(np.int64, copy=False), list(found)
    codes, firsts = _by_flags(numbers, low, high - low + 1)
    return codes, numbers[firsts].tolist()


@njit(cache=True)
def _by_flags(numbers: Any, low: int, width: int) -> tuple[Integers, Integers]:
    """Codes by first appearance, and the row of each first appearance."""
    code_of = np.full(width, NONE, dtype=np.int64)
    codes = np.empty(len(numbers), dtype=np.int64)
    firsts = np.empty(width, dtype=np.int64)
    size = 0
    for row in range(len(numbers)):
        place = np.int64(numbers[row]) - low
        if code_of[place] == NONE:
            code_of[place] = size
            firsts[size] = row
            size += 1
        codes[row] = code_of[place]
    return codes, firsts[:size].copy()


def _texts(held: Any) -> tuple[Integers, Sequence[str]]:
    """Codes by first appearance of an Arrow array of texts without gaps."""
    _, offsets, data = held.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[held.offset : held.offset + len(held) + 1]
    letters = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    codes, firsts = _hashed(ends, letters)
    return codes, held.take(firsts).to_pylist()


@njit(cache=True)
def _hashed(ends: Integers, letters: Bytes) -> tuple[Integers, Integers]:
    """Codes by first appearance of texts that lie end to end, and each one's first row."""
    rows = len(ends) - 1
    codes = np.empty(rows, dtype=np.int64)
    firsts = np.empty(rows, dtype=np.int64)
    hashes = np.empty(rows, dtype=np.uint64)  # of each distinct text
    slots = np.full(FIRST_SLOTS, NONE, dtype=np.int64)
    size = 0
    for row in range(rows):
        if row > 0 and _same(ends, letters, row, row - 1):
            codes[row] = codes[row - 1]
            continue
        mixed = _hash(letters, ends[row], ends[row + 1])
        slot = _slot(slots, hashes, firsts, ends, letters, row, mixed)
        code = slots[slot]
        if code == NONE:
            code = slots[slot] = size
            firsts[size], hashes[size] = row, mixed
            size += 1
            if 2 * size > len(slots):
                slots = _wider(slots, hashes[:size])
        codes[row] = code
    return codes, firsts[:size].copy()


@njit(cache=True)
def _slot(
    slots: Integers,
    hashes: Any,
    firsts: Integers,
    ends: Integers,
    letters: Bytes,
    row: int,
    mixed: Any,
) -> Any:
    """The slot where a text is, or where it belongs."""
    mask = len(slots) - 1
    slot = np.int64(mixed & np.uint64(mask))
    while slots[slot] != NONE:
        code = slots[slot]
        if hashes[code] == mixed and _same(ends, letters, row, firsts[code]):
            return slot
        slot = (slot + 1) & mask
    return slot


@njit(cache=True)
def _wider(slots: Integers, hashes: Any) -> Integers:
    found = np.full(4 * len(slots), NONE, dtype=np.int64)
    mask = len(found) - 1
    for code in range(len(hashes)):
        slot = np.int64(hashes[code] & np.uint64(mask))
        while found[slot] != NONE:
            slot = (slot + 1) & mask
        found[slot] = code
    return found


@njit(cache=True, inline="always")
def _same(ends: Integers, letters: Bytes, one: int, other: int) -> bool:
    begin, again = ends[one], ends[other]
    length = ends[one + 1] - begin
    if length != ends[other + 1] - again:
        return False
    for place in range(length - 1, -1, -1):  # names differ at their ends more than at their heads
        if letters[begin + place] != letters[again + place]:
            return False
    return True


@njit(cache=True, inline="always")
def _hash(letters: Bytes, begin: int, end: int) -> Any:
    """FNV-1a (Fowler, Noll & Vo 1991), its bits mixed once more for the low ones."""
    mixed = np.uint64(14695981039346656037)
    for place in range(begin, end):
        mixed = (mixed ^ np.uint64(letters[place])) * np.uint64(1099511628211)
    return mixed ^ (mixed >> np.uint64(29))
