"""Reasons in words: every code that a decision can give, and its sentence.

A decision names its reasons by code, with a weight; the sentences stand in one table, so that
another language is another table and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Every reason there is."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its code, how much it weighs, and its sentence."""

    code: str
    weight: float
    text: str


SENTENCES: Mapping[str, Mapping[Code, str]] = {"en": {}}
