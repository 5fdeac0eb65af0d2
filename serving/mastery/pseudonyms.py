"""Students under pseudonyms, for those who study classes and need not know children."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from ..answers import ClassMastery, StudentMastery
from ..auth import Forbidden

DIGITS = 20  # hexadecimal: 80 bits, no two students of a district alike


def pseudonymous(mastery: ClassMastery, tenant: str, secret: str) -> ClassMastery:
    """The same class without names, its own included (it may be a teacher's), each student under a
    stable pseudonym.

    Pseudonyms are keyed: without the secret nobody can try out ids to see whose they are. Raises
    `Forbidden` when the server has no secret.
    """
    if not secret:
        raise Forbidden(
            "`data` keys see students under pseudonyms, and this server has no secret to make "
            "them from: set TRELLIS_PSEUDONYM_SECRET"
        )
    students = sorted(
        (_hidden(student, tenant, secret) for student in mastery.students),
        key=lambda student: student.student,  # the roster's order would give them away
    )
    return replace(mastery, name="", students=tuple(students))


def _hidden(student: StudentMastery, tenant: str, secret: str) -> StudentMastery:
    return replace(student, student=pseudonym(student.student, tenant, secret), name="")


def pseudonym(student: str, tenant: str, secret: str) -> str:
    """The name a student goes by, the same as long as the secret is.

    >>> pseudonym("ana", "north", "x" * 16)
    'p_...'
    """
    text = f"{len(tenant)}:{tenant}{student}".encode()
    digest = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return f"p_{digest[:DIGITS]}"
