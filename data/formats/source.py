"""A table on its way in, whatever file it comes from: its columns, its rows, and their names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, cast

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from engine.responses import SKILL_SEPARATOR

Progress = Callable[[int, int], None]  # called with (done, total), in bytes of the file


class Source(Protocol):
    """Where rows come from. Column names may repeat, so columns are asked for by position."""

    @property
    def name(self) -> str:
        """What messages call it: the file's name."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the file."""

    def read(
        self, positions: Sequence[int], *, quoted: bool = True, progress: Progress | None = None
    ) -> list[pa.ChunkedArray]:
        """The columns at these positions, all of the same length, in file order."""

    def place(self, row: int) -> str:
        """How a person would name the 0-based data row: by its line in an editor."""


def texts(column: pa.ChunkedArray) -> pd.Series:
    """The column as text exactly as it was written; blank and null are missing.

    >>> texts(pa.chunked_array([["007", " ", "C++"]])).fillna("(missing)").tolist()
    ['007', '(missing)', 'C++']
    """
    return cast("pd.Series", _blank_is_missing(_written(column)).to_pandas())


def _written(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # older pyarrow, or more text than one array can hold
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], pa.string())
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        return pc.binary_join(array.cast(pa.list_(pa.string())), SKILL_SEPARATOR)
    if pa.types.is_floating(array.type):
        return _whole_without_point(array)
    return array.cast(pa.string())


def _whole_without_point(numbers: pa.Array) -> pa.Array:
    """An integer id that became a float because some are missing is written as the integer."""
    numbers = pc.if_else(pc.is_nan(numbers), None, numbers)
    whole = pc.and_(pc.equal(pc.floor(numbers), numbers), pc.less(pc.abs(numbers), 2.0**53))
    integers = pc.if_else(whole, numbers, 0).cast(pa.int64()).cast(pa.string())
    return pc.if_else(whole, integers, numbers.cast(pa.string()))


def _blank_is_missing(array: pa.Array) -> pa.Array:
    blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(array)), 0)
    return (
        pc.if_else(blank, pa.scalar(None, pa.string()), array) if pc.any(blank).as_py() else array
    )
