"""A followed student as bytes, to be kept between two responses, and back.

magic     4 bytes  TRLS
format    1 byte
checksum  16 bytes, BLAKE2b of all that follows
length    4 bytes, little-endian, of the header
header    UTF-8 JSON: model version, record, latest response, and of every skill all but numbers
numbers   doubles, little-endian: the log-odds of every skill, in the order of the header; under a
          hierarchical model how likely each ability is, then P(mastered) given each of every skill,
          and what it lacks to 1
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import numpy as np

from .bundle import UNUSABLE, Bundle
from .contexts import Last, Record
from .errors import InvalidInput
from .online import Following, SkillState
from .practised import Fading, Met, Practised, Single
from .tables import Floats
from .together import Together

Student = TypeVar("Student")

MAGIC = b"TRLS"
FORMAT = 1
CHECKSUM_LENGTH = 16
FRONT = struct.Struct(f"<4sB{CHECKSUM_LENGTH}s")
LENGTH = struct.Struct("<I")
WELL_FORMED = "bytes that `engine.keeping.encode` wrote"


def encode(student: Following | Together) -> bytes:
    """The student as bytes, the same for the same state.

    >>> from .parameters import SkillEstimate, SkillParameters
    >>> none = SkillEstimate(SkillParameters(*[0.5] * 5), SkillParameters(*[0.0] * 5), np.eye(5))
    >>> bundle = Bundle("classic", {}, none)
    >>> decode(encode(Following(bundle)), bundle).skills
    {}
    """
    if isinstance(student, Together):
        document, arrays = _together_header(student), _together_arrays(student)
    else:
        document, arrays = _header(student), [one.log_odds for one in student.skills.values()]
    header = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    numbers = [np.asarray(one, dtype="<f8").tobytes() for one in arrays]
    rest = b"".join([LENGTH.pack(len(header)), header, *numbers])
    return FRONT.pack(MAGIC, FORMAT, _checksum(rest)) + rest


def decode(data: bytes, bundle: Bundle) -> Following:
    """The student that `encode` wrote, under the same model.

    One followed under a hierarchical model is read by `decode_together`. Raises `InvalidInput` for
    damaged bytes, another format, or another version of the model: a state means nothing under
    other parameters, and the history must be replayed.
    """
    return _read(data, bundle, _student)


def decode_together(data: bytes, bundle: Bundle) -> Together:
    """The student that `encode` wrote, under the same hierarchical model. Raises as `decode`."""
    return _read(data, bundle, _together)


def _read(data: bytes, bundle: Bundle, student: Callable[[Any, Any, Bundle], Student]) -> Student:
    """What `student` makes of header and numbers, once both are known to be whole."""
    rest = _checked(data)
    try:
        (length,) = LENGTH.unpack_from(rest)
        header = json.loads(rest[LENGTH.size : LENGTH.size + length])
        numbers = np.frombuffer(rest[LENGTH.size + length :], dtype="<f8")
        if header["model"] != bundle.version:
            raise InvalidInput.at("state, model", header["model"], f"{bundle.version} (replay)")
        return student(header, numbers, bundle)
    except (*UNUSABLE, struct.error) as error:
        raise InvalidInput.at("state", f"{type(error).__name__}: {error}", WELL_FORMED) from None


def _checked(data: bytes) -> bytes:
    """What follows the front, once it is known to be whole."""
    if len(data) < FRONT.size or data[: len(MAGIC)] != MAGIC:
        raise InvalidInput.at("state", f"{len(data)} bytes of something else", WELL_FORMED)
    _, version, checksum = FRONT.unpack_from(data)
    if version != FORMAT:
        raise InvalidInput.at("state, format", version, str(FORMAT))
    rest = data[FRONT.size :]
    if _checksum(rest) != checksum:
        raise InvalidInput.at("state", "bytes that were damaged", WELL_FORMED)
    return rest


def _checksum(rest: bytes) -> bytes:
    return hashlib.blake2b(rest, digest_size=CHECKSUM_LENGTH).digest()


def _header(student: Following) -> dict[str, Any]:
    latest = student.latest
    return {
        "model": student.bundle.version,
        "record": list(student.record),
        "latest": None if latest is None else [latest[0].isoformat(), latest[1]],
        "skills": [_entry(skill, state) for skill, state in student.skills.items()],
    }


def _entry(skill: str, state: SkillState) -> list[Any]:
    item, activity, occurred_at, number = state.last
    last = [item, activity, occurred_at.isoformat(), number]
    return [skill, len(state.log_odds), state.responses, state.secured, state.fell, last]


def _student(header: dict[str, Any], numbers: np.ndarray[Any, Any], bundle: Bundle) -> Following:
    latest = header["latest"]
    right, answered = header["record"]
    ends = np.cumsum([entry[1] for entry in header["skills"]], dtype=np.int64)
    if (ends[-1] if len(ends) else 0) != len(numbers):
        raise InvalidInput.at("state", f"{len(numbers)} numbers", WELL_FORMED)
    parts = np.split(numbers.astype(np.float64), ends[:-1]) if len(ends) else []
    return Following(
        bundle,
        {
            skill: SkillState(own, responses, secured, fell, _last(*last))
            for (skill, _, responses, secured, fell, last), own in zip(
                header["skills"], parts, strict=True
            )
        },
        Record(right, answered),
        None if latest is None else (datetime.fromisoformat(latest[0]), latest[1]),
    )


def _last(item: str | None, activity: str | None, occurred_at: str, number: int) -> Last:
    return Last(item, activity, datetime.fromisoformat(occurred_at), number)


def _together_header(student: Together) -> dict[str, Any]:
    latest, overall = student.latest, student.overall
    clock = overall.clock if overall.clock == overall.clock else None
    return {
        "model": student.bundle.version,
        "overall": [list(overall.fading), overall.responses, overall.session, clock],
        "latest": None if latest is None else [latest[0].isoformat(), latest[1]],
        "previous": student.previous and list(student.previous),
        "singles": {name: list(one) for name, one in student.singles.items()},
        "items": {name: list(one) for name, one in student.items.items()},
        "skills": [_together_entry(skill, one) for skill, one in student.skills.items()],
    }


def _together_entry(skill: str, one: Practised) -> list[Any]:
    item, activity, occurred_at, number = one.last
    last = [item, activity, occurred_at.isoformat(), number]
    return [skill, one.responses, one.secured, one.fell, one.trailing, last]


def _together_arrays(student: Together) -> list[Floats]:
    return [student.belief, *(x for one in student.skills.values() for x in one[:2])]


def _together(header: dict[str, Any], numbers: Floats, bundle: Bundle) -> Together:
    hierarchy = bundle.hierarchy
    if hierarchy is None:
        raise InvalidInput.at("model", bundle.model, "a hierarchical model")
    skills, shape = header["skills"], (hierarchy.sets, hierarchy.nodes)
    if len(numbers) != (1 + 2 * len(skills)) * shape[0] * shape[1]:
        raise InvalidInput.at("state", f"{len(numbers)} numbers", WELL_FORMED)
    belief, *rows = numbers.astype(np.float64).reshape(-1, *shape)
    fading, responses, session, clock = header["overall"]
    latest, previous = header["latest"], header["previous"]
    return Together(
        bundle,
        belief,
        {
            skill: Practised(
                rows[2 * at], rows[2 * at + 1], count, secured, fell, trailing, _last(*last)
            )
            for at, (skill, count, secured, fell, trailing, last) in enumerate(skills)
        },
        {name: Single(*one) for name, one in header["singles"].items()},
        {name: Met(*one) for name, one in header["items"].items()},
        Fading(tuple(fading), responses, session, float("nan") if clock is None else clock),
        None if previous is None else (previous[0], previous[1]),
        None if latest is None else (datetime.fromisoformat(latest[0]), latest[1]),
    )
