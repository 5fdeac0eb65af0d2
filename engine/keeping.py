"""A followed student as bytes, to be kept between two responses, and back.

magic     4 bytes  TRLS
format    1 byte
checksum  16 bytes, BLAKE2b of all that follows
length    4 bytes, little-endian, of the header
header    UTF-8 JSON: model version, record, latest response, and of every skill all but numbers
numbers   doubles, little-endian: the log-odds of every skill, in the order of the header
"""

from __future__ import annotations

import hashlib
import json
import struct
from datetime import datetime
from typing import Any

import numpy as np

from .bundle import UNUSABLE, Bundle
from .contexts import Last, Record
from .errors import InvalidInput
from .online import Following, SkillState

MAGIC = b"TRLS"
FORMAT = 1
CHECKSUM_LENGTH = 16
FRONT = struct.Struct(f"<4sB{CHECKSUM_LENGTH}s")
LENGTH = struct.Struct("<I")
WELL_FORMED = "bytes that `engine.keeping.encode` wrote"


def encode(student: Following) -> bytes:
    """The student as bytes, the same for the same state.

    >>> from .parameters import SkillEstimate, SkillParameters
    >>> none = SkillEstimate(SkillParameters(*[0.5] * 5), SkillParameters(*[0.0] * 5), np.eye(5))
    >>> bundle = Bundle("classic", {}, none)
    >>> decode(encode(Following(bundle)), bundle).skills
    {}
    """
    header = json.dumps(_header(student), ensure_ascii=False, separators=(",", ":")).encode()
    numbers = [np.asarray(one.log_odds, dtype="<f8").tobytes() for one in student.skills.values()]
    rest = b"".join([LENGTH.pack(len(header)), header, *numbers])
    return FRONT.pack(MAGIC, FORMAT, _checksum(rest)) + rest


def decode(data: bytes, bundle: Bundle) -> Following:
    """The student that `encode` wrote, under the same model.

    Raises `InvalidInput` for damaged bytes, another format, or another version of the model: a
    state means nothing under other parameters, and the history must be replayed.
    """
    rest = _checked(data)
    try:
        (length,) = LENGTH.unpack_from(rest)
        header = json.loads(rest[LENGTH.size : LENGTH.size + length])
        numbers = np.frombuffer(rest[LENGTH.size + length :], dtype="<f8")
        if header["model"] != bundle.version:
            raise InvalidInput.at("state, model", header["model"], f"{bundle.version} (replay)")
        return _student(header, numbers, bundle)
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
