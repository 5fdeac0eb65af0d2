"""The audit log and one-time links, as they are given out."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from data.store import Deed


class NotedDeed(BaseModel):
    """Who did what to whom. Nobody is named: a person stands as a digest that does not change."""

    id: str
    at: datetime
    deed: Deed
    role: str = Field(description="Of whoever did it; `operator`: by the command line.")
    actor: str | None = Field(description="A key's id, or what stands for a person.")
    about: str | None = Field(description="Whom: a key's or class's id, what stands for a person.")
    about_kind: str | None = Field(description="`student`, `person`, `class` or `key`.")
    detail: str | None


class AuditPage(BaseModel):
    """One page of the log, oldest first."""

    results: list[NotedDeed]
    next: str | None = Field(description="Pass it as `after` for the next page; null at the end.")


class ResetLink(BaseModel):
    """A link by which somebody chooses a new password, once."""

    account: str
    link: str = Field(description="Shown this once. Give it to nobody else.")
    expires_at: datetime
