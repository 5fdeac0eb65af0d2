"""Policies and worlds by name: the built-in ones, and anybody's own as `module:name`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from data.worlds import WORLDS, World
from engine.errors import InvalidInput

from . import baselines as others
from .rules import Auto, Careful, Index
from .situations import Maker, Policy

BARS = (0.90, 0.95, 0.98)
REFERENCE, ORACLE = "bkt", "oracle"

POLICIES: Mapping[str, Mapping[str, Maker]] = {
    "auto": {"": Auto},
    "index": {"": Index},
    "careful": {"": Careful},
    "random": {"": others.Random},
    "fixed": {f"{n} each": partial(others.FixedCourse, n) for n in (3, 4, 5, 7)},
    "bkt": {".95": partial(others.Threshold, 0.95, best=False)},
    "threshold": {f"{bar:.2f}": partial(others.Threshold, bar, best=True) for bar in BARS},
    "fringe": {f"{bar:.2f}": partial(others.Fringe, bar) for bar in BARS},
    "alosi": {
        f"readiness {r}, demand {d}, continuity {c}, difficulty {m}": partial(
            others.Alosi, r, d, c, m
        )
        for r in (0.5, 2.0)
        for d in (0.5, 1.0)
        for c in (0.5, 2.0)
        for m in (0.0, 0.2)
    },
    "lowest": {
        f"{bar:.2f}, {where}": partial(others.LowestFirst, bar, open_only=where == "open skills")
        for bar in BARS
        for where in ("all skills", "open skills")
    },
    "zpdes": {
        f"opens at {opens}, explores {explore}": partial(others.Zpdes, opens, explore)
        for opens in (0.7, 0.8, 0.9)
        for explore in (0.1, 0.3)
    },
    "gain": {f"{n} ahead": partial(others.ExpectedGain, n) for n in (1, 2)},
    "thompson": {"": others.Thompson},
    "oracle": {f"opening {w}": partial(others.Oracle, w) for w in (0.0, 0.3)},
}
"""Each policy at its settings. `bkt` is the reference: mastery at .95, random practice."""


def world_of(name: str) -> Callable[[int], World]:
    """The maker of a world, built in or `module:Class`. Raises `InvalidInput`."""
    if ":" in name:
        return cast(Callable[[int], World], _plugged("--world", name))
    if name not in WORLDS:
        expected = f"one of {', '.join(WORLDS)}, or module:Class"
        raise InvalidInput.at("--world", name, expected)
    return cast(Callable[[int], World], WORLDS[name])


def policy_of(name: str) -> Mapping[str, Maker]:
    """The makers of a policy by setting, built in or `module:function`. Raises `InvalidInput`."""
    if ":" not in name:
        if name not in POLICIES:
            expected = f"one of {', '.join(POLICIES)}, or module:function"
            raise InvalidInput.at("--policy", name, expected)
        return POLICIES[name]
    found = _plugged("--policy", name)
    if isinstance(found, type):
        return {"": cast(Maker, found)}
    return {"": lambda: cast(Policy, found)}


def _plugged(place: str, name: str) -> Any:
    """What `module:name` names; modules of the folder that the command is called in count."""
    module, _, attribute = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        expected = "an importable module and a name in it, as module:name"
        raise InvalidInput.at(place, f"{name} ({error})", expected) from None
    if not callable(found):
        raise InvalidInput.at(place, name, "a class or a function")
    return found
