"""From text to values: answers, times, numbers and skills, each read the same way everywhere.

A value is understood, missing, or a fault. Nothing is guessed: what cannot be understood is
never turned into a plausible number.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from engine.responses import SKILL_SEPARATOR, combined

Mask = npt.NDArray[np.bool_]

# What spreadsheets and statistics programs write where they have no value; DataShop writes ".".
NOTHING = frozenset({"", ".", "na", "n/a", "nan", "nat", "null", "none", "<na>", "-"})
TRUTHS = {"true": 1.0, "false": 0.0}

# Epoch seconds reach 1e11 in the year 5138; milliseconds were there in March 1973. And so on.
# Each limit with what makes microseconds of the unit below it; above the last: nanoseconds.
EPOCH_UNITS = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0))
EARLIEST = -62_135_596_800_000_000  # 0001-01-01 in microseconds: before it there is no date
LATEST = 253_402_300_799_999_999  # 9999-12-31


class Numbers(NamedTuple):
    """Numbers (NaN where missing) and which of them could not be understood."""

    values: npt.NDArray[np.float64]
    faulty: Mask


class Times(NamedTuple):
    """Times in UTC (NaT where missing) and which of them could not be understood."""

    values: pd.Series
    faulty: Mask


def missing(texts: pd.Series) -> Mask:
    """Where there is no value, or only a mark that says so.

    >>> missing(pd.Series(["0.5", None, "NA", "."])).tolist()
    [False, True, True, True]
    """
    words = pc.utf8_lower(pc.utf8_trim_whitespace(_arrow(texts)))
    nothing = pc.is_in(words, value_set=pa.array([*NOTHING, None], pa.string()))
    return np.asarray(nothing)


def _arrow(texts: pd.Series) -> pa.Array:
    return pa.concat_arrays(pa.chunked_array(pa.array(texts, pa.string())).chunks)


def answers(texts: pd.Series) -> Numbers:
    """How right each answer was: 0 or 1, true or false, or a fraction between.

    >>> answers(pd.Series(["1", "0.5", "True", "", "1.7", "maybe"]))
    Numbers(values=array([1. , 0.5, 1. , nan, nan, nan]),
            faulty=array([False, False, False, False,  True,  True]))
    """
    codes, unique = pd.factorize(texts)
    values = np.array([*map(_answer, unique), math.nan])[codes]
    return Numbers(values, np.isnan(values) & ~missing(texts))


def _answer(text: object) -> float:
    word = str(text).strip().lower()
    if word in TRUTHS:
        return TRUTHS[word]
    number = _number(word)
    return number if 0.0 <= number <= 1.0 else math.nan


def numbers(texts: pd.Series) -> Numbers:
    """Plain finite numbers.

    >>> numbers(pd.Series(["1200", "3.5", "", "soon"])).faulty.tolist()
    [False, False, False, True]
    """
    absent = missing(texts)
    values = _floats(_arrow(texts.mask(absent)))
    if values is None:  # some are no numbers at all: which?
        codes, unique = pd.factorize(texts)
        values = np.array([*map(_number, unique), math.nan])[codes]
    values = np.where(np.isfinite(values), values, math.nan)
    return Numbers(values, np.isnan(values) & ~absent)


def _floats(texts: pa.Array) -> npt.NDArray[np.float64] | None:
    """All of the texts as numbers (NaN where null), or None where one is no number."""
    try:
        return np.asarray(texts.cast(pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:
        return None


def _number(text: object) -> float:
    try:
        value = float(str(text))
    except ValueError:
        return math.nan
    # Python also reads "1_0" as ten, and words for infinity; a data file means neither.
    return value if math.isfinite(value) and "_" not in str(text) else math.nan


def times(texts: pd.Series) -> Times:
    """Times in UTC: ISO 8601 (without a zone: UTC), or seconds or finer units since 1970.

    The unit of a column of numbers follows from its largest.

    >>> times(pd.Series(["2026-09-01T08:30:00+02:00", "2026-09-01", "soon"])).values.tolist()
    [Timestamp('2026-09-01 06:30:00+0000', tz='UTC'),
     Timestamp('2026-09-01 00:00:00+0000', tz='UTC'), NaT]
    >>> times(pd.Series(["1788251400000"])).values[0]
    Timestamp('2026-09-01 08:30:00+0000', tz='UTC')
    """
    if isinstance(texts.dtype, pd.DatetimeTZDtype):
        return Times(texts.dt.tz_convert("UTC").dt.as_unit("us"), np.zeros(len(texts), dtype=bool))
    absent = missing(texts)
    present = _arrow(texts.mask(absent))
    epoch = _floats(present)
    instants = _from_iso(present) if epoch is None else _from_epoch(epoch)
    values = pd.Series(instants, texts.index)
    return Times(values, (values.isna() & ~absent).to_numpy())


def _from_iso(texts: pa.Array) -> pd.DatetimeIndex:
    for zoned in ("UTC", None):  # the fast way, where all have a zone or none has
        try:
            instants = texts.cast(pa.timestamp("us", zoned)).cast(pa.timestamp("us", "UTC"))
        except pa.ArrowInvalid:
            continue
        return pd.DatetimeIndex(instants.to_pandas()).as_unit("us")
    written = texts.to_pandas()
    return pd.DatetimeIndex(
        pd.to_datetime(written, format="ISO8601", utc=True, errors="coerce")
    ).as_unit("us")


def _from_epoch(numbers: npt.NDArray[np.float64]) -> pd.DatetimeIndex:
    largest = np.nanmax(np.abs(numbers), initial=0.0)
    scale = next((scale for limit, scale in EPOCH_UNITS if largest < limit), 1e-3)
    micros = np.round(numbers * scale)
    inside = (micros >= EARLIEST) & (micros <= LATEST)
    whole = np.where(inside, micros, 0).astype("int64").view("datetime64[us]")
    return pd.DatetimeIndex(np.where(inside, whole, np.datetime64("NaT", "us")), tz="UTC")


def skills(texts: pd.Series) -> pd.Series:
    """Each row's skills in one spelling: split, stripped, unique, sorted, joined by `~~`.

    >>> skills(pd.Series(["ratios~~ fractions", "C++", "~~", None])).dropna().tolist()
    ['fractions~~ratios', 'C++']
    """
    codes, unique = pd.factorize(texts)
    named = [_skills(str(text)) for text in unique]
    return pd.Series(pd.Series([*named, None], dtype=texts.dtype).to_numpy()[codes], texts.index,
                     dtype=texts.dtype)  # fmt: skip


def _skills(text: str) -> str | None:
    parts = [part.strip() for part in text.split(SKILL_SEPARATOR)]
    return combined(tuple(part for part in parts if part)) or None
