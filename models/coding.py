"""A number for every distinct value of a column: names read as fast as their bytes can be.

Most columns of a log repeat the value above. So a column is read as runs of rows alike: where one
ends is seen by comparing neighbours, many at a time and by all threads, and only the head of each
run is looked up. Texts that Arrow holds are compared and hashed where they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from llvmlite import ir
from numba import njit, prange, types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

from engine.tables import Integers

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Texts = tuple[Integers, Bytes]  # where each begins, and all letters end to end
WIDEST = 4  # times as many whole numbers as rows: up to there a table of flags beats hashing
NONE = -1
PARTS = 8  # of a column, that threads compare at a time
ALIKE = 8  # rows that are compared at once
MIXING = np.uint64(0x9E3779B97F4A7C15)  # the golden ratio's bits, as in Fibonacci hashing


def _equal(typing_context: Any, letters: Any, one: Any, other: Any, count: Any) -> Any:
    """Whether so many letters from one place on are those from the other: C's `memcmp`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, whole = ir.IntType(8).as_pointer(), ir.IntType(64)
        kind = ir.FunctionType(ir.IntType(32), [byte, byte, whole])
        compare = get_or_insert_function(builder.module, kind, "memcmp")
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        places = [builder.gep(data, [place]) for place in arguments[1:3]]
        return builder.icmp_signed(
            "==", builder.call(compare, [*places, arguments[3]]), kind.return_type(0)
        )

    return types.boolean(letters, types.int64, types.int64, types.int64), generate


equal: Any = intrinsic(_equal)


class Runs(NamedTuple):
    """A column as runs of equal values, one after the other.

    heads   [run + 1] the first row of each run, and the number of rows
    codes   [run] the number of its value, by first appearance; NONE where there is none
    """

    heads: Integers
    codes: Integers

    @property
    def distinct(self) -> int:
        """How many values there are."""
        return int(self.codes.max(initial=NONE)) + 1

    def firsts(self) -> Integers:
        """The row where each value appears first, [value]."""
        highest = np.maximum.accumulate(self.codes)
        return self.heads[:-1][np.diff(highest, prepend=NONE) > 0]

    def each(self) -> Integers:
        """The number of every row's value, [row]."""
        if len(self.codes) == self.heads[-1]:
            return self.codes  # no two neighbours are alike
        return np.repeat(self.codes, np.diff(self.heads))


def codes_of(column: pd.Series[Any]) -> tuple[Integers, Sequence[Any]]:
    """A number for every distinct value, NONE where there is none, and the values.

    >>> codes_of(pd.Series(["b", "a", None, "b"], dtype="str"))
    (array([ 0,  1, -1,  0]), ['b', 'a'])
    """
    runs = runs_of(column)
    return runs.each(), column.iloc[runs.firsts()].tolist()


def runs_of(column: pd.Series[Any]) -> Runs:
    """The column as runs of equal values.

    >>> runs_of(pd.Series(["b", "b", "a", "b"], dtype="str"))
    Runs(heads=array([0, 2, 3, 4]), codes=array([0, 1, 0]))
    """
    if pd.api.types.is_integer_dtype(column.dtype) and isinstance(column.dtype, np.dtype):
        return _runs_of_numbers(column.to_numpy())
    if isinstance(column.dtype, pd.CategoricalDtype):
        numbered = _runs_of_numbers(column.cat.codes.to_numpy())
        return numbered if not column.hasnans else runs_of_codes(pd.factorize(column)[0])
    arrow = getattr(column.array, "__arrow_array__", None)
    if arrow is None:
        return runs_of_codes(pd.factorize(column)[0])
    held = arrow()
    if hasattr(held, "chunks"):
        held = held.chunk(0) if held.num_chunks == 1 else held.combine_chunks()
    if str(held.type) == "large_string" and not held.null_count and len(held):
        return _runs_of_texts(held)
    return runs_of_codes(held.dictionary_encode().indices.fill_null(NONE).to_numpy())


def runs_of_codes(codes: Any) -> Runs:
    """Numbers by first appearance, NONE among them, as runs."""
    heads = _heads(codes, len(codes))
    return Runs(heads, codes[heads[:-1]].astype(np.int64))


def _runs_of_numbers(numbers: Any) -> Runs:
    heads = _heads(numbers, len(numbers))
    first = numbers[heads[:-1]]
    if not len(first):
        return Runs(heads, np.empty(0, dtype=np.int64))
    low, high = int(first.min()), int(first.max())
    if high - low > WIDEST * len(numbers):
        return Runs(heads, pd.factorize(first)[0].astype(np.int64, copy=False))
    return Runs(heads, _by_flags(first, low, high - low + 1))


@njit(cache=True)
def _by_flags(numbers: Any, low: int, width: int) -> Integers:
    """Codes by first appearance."""
    code_of = np.full(width, NONE, dtype=np.int64)
    codes = np.empty(len(numbers), dtype=np.int64)
    size = 0
    for row in range(len(numbers)):
        place = np.int64(numbers[row]) - low
        if code_of[place] == NONE:
            code_of[place] = size
            size += 1
        codes[row] = code_of[place]
    return codes


def _runs_of_texts(held: Any) -> Runs:
    """The runs of an Arrow array of texts without gaps."""
    _, offsets, data = held.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[held.offset : held.offset + len(held) + 1]
    letters = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    heads = _heads((ends, letters), len(held))
    return Runs(heads, _hashed(ends, letters, heads))


def _heads(values: Any, rows: int) -> Integers:
    """The first row of each run, and the number of rows."""
    found, sizes = np.empty(rows + 1, dtype=np.int64), np.zeros(PARTS, dtype=np.int64)
    cuts = np.linspace(0, rows, PARTS + 1).astype(np.int64)
    compare = _compare_texts if isinstance(values, tuple) else _compare
    compare(values, cuts, found, sizes)
    return np.append(
        np.concatenate([found[cut : cut + n] for cut, n in zip(cuts, sizes, strict=False)]), rows
    )


@njit(cache=True, parallel=True)
def _compare(values: Any, cuts: Integers, heads: Integers, sizes: Integers) -> None:
    """Leaves the heads of each part from its cut on, and their number."""
    for part in prange(PARTS):
        size = 0
        for row in range(cuts[part], cuts[part + 1]):
            heads[cuts[part] + size] = row
            size += row == 0 or values[row] != values[row - 1]
        sizes[part] = size


@njit(cache=True, parallel=True)
def _compare_texts(texts: Texts, cuts: Integers, heads: Integers, sizes: Integers) -> None:
    """As `_compare`."""
    ends, letters = texts
    for part in prange(PARTS):
        row, stop, size = cuts[part], cuts[part + 1], 0
        if 0 < row < stop and _same(ends, letters, row, row - 1):
            row = _run_end(ends, letters, row, stop)
        while row < stop:
            heads[cuts[part] + size] = row
            size += 1
            row = _run_end(ends, letters, row, stop)
        sizes[part] = size


@njit(cache=True)
def _run_end(ends: Integers, letters: Bytes, row: int, stop: int) -> int:
    """The first row that is not like this one, or `stop`."""
    length = ends[row + 1] - ends[row]
    row += 1
    while row + ALIKE <= stop and _all_alike(ends, letters, row, length):
        row += ALIKE
    while row < stop and _same(ends, letters, row, row - 1):
        row += 1
    return row


@njit(cache=True, inline="always")
def _all_alike(ends: Integers, letters: Bytes, row: int, length: int) -> bool:
    """Whether so many rows from this one on repeat the one before it: of the same length each, and
    every letter the same as a row earlier."""
    other = np.int64(0)
    for one in range(row, row + ALIKE):
        other |= (ends[one + 1] - ends[one]) ^ length
    if other != 0:
        return False
    alike: bool = equal(letters, ends[row], ends[row] - length, ALIKE * length)
    return alike


@njit(cache=True)
def _hashed(ends: Integers, letters: Bytes, heads: Integers) -> Integers:
    """Codes by first appearance of the texts in these rows."""
    runs = len(heads) - 1
    codes, firsts = np.empty(runs, dtype=np.int64), np.empty(runs, dtype=np.int64)
    hashes = np.empty(runs, dtype=np.uint64)  # of each distinct text
    bits = 1
    while (1 << bits) < 2 * runs:
        bits += 1
    slots, shift = np.full(1 << bits, NONE, dtype=np.int32), np.uint64(64 - bits)
    size = 0
    for run in range(runs):
        row = heads[run]
        mixed = _hash(letters, ends[row], ends[row + 1])
        slot = np.int64(mixed >> shift)
        code = slots[slot]
        while code != NONE and not (
            hashes[code] == mixed and _same(ends, letters, row, firsts[code])
        ):
            slot = (slot + 1) & (len(slots) - 1)
            code = slots[slot]
        if code == NONE:
            code = slots[slot] = size
            firsts[size], hashes[size] = row, mixed
            size += 1
        codes[run] = code
    return codes


@njit(cache=True, inline="always")
def _same(ends: Integers, letters: Bytes, one: int, other: int) -> bool:
    length = ends[one + 1] - ends[one]
    if length != ends[other + 1] - ends[other]:
        return False
    alike: bool = equal(letters, ends[one], ends[other], length)
    return alike


@njit(cache=True, inline="always")
def _hash(letters: Bytes, begin: int, end: int) -> Any:
    """Eight letters at a time, multiplied and folded."""
    mixed = np.uint64(end - begin) * MIXING
    place = begin
    while place + 8 <= end:
        word = np.uint64(0)
        for one in range(8):
            word |= np.uint64(letters[place + one]) << np.uint64(8 * one)
        mixed = (mixed ^ word) * MIXING
        mixed ^= mixed >> np.uint64(32)
        place += 8
    word = np.uint64(0)
    while place < end:
        word = (word << np.uint64(8)) | np.uint64(letters[place])
        place += 1
    mixed = (mixed ^ word) * MIXING
    mixed ^= mixed >> np.uint64(32)
    return mixed * MIXING
