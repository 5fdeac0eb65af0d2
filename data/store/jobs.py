"""Long work: asked for now, done by whoever is free, and looked up until it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from .connection import Connected
from .identifiers import check_ids
from .instants import MICROSECOND, instant, microseconds
from .postgres import oversee
from .schema import jobs

SILENT_FOR = timedelta(minutes=1)
"""Whoever is at a job says so every few seconds; after this long they are gone, and it is free."""
QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of long work, and what came of it."""

    tenant: str
    id: str
    kind: str
    state: str
    input: str
    result: dict[str, Any] | None
    created_at: datetime
    changed_at: datetime


class Jobs(Connected):
    """Jobs of every tenant. A tenant sees its own; who works takes whichever is oldest."""

    def create_job(self, tenant: str, kind: str, input: str, now: datetime) -> Job:
        """The job, waiting for somebody to take it."""
        check_ids("tenant", tenant)
        moment = microseconds(now, "now")
        row = {
            "tenant": tenant,
            "id": f"job_{secrets.token_hex(12)}",
            "kind": kind,
            "state": QUEUED,
            "input": input,
            "created_at": moment,
            "changed_at": moment,
        }
        with self._database.writing(tenant) as connection:
            connection.execute(insert(jobs).values(row))
        return Job(**{**row, "created_at": now, "changed_at": now}, result=None)  # type: ignore[arg-type]

    def job(self, tenant: str, id: str) -> Job | None:
        """The job as it stands; None where the tenant has none of this id."""
        check_ids("job id", id)
        query = select(jobs).where(jobs.c.tenant == tenant, jobs.c.id == id)
        with self._database.reading(tenant) as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _job(row)

    def take_job(self, now: datetime) -> Job | None:
        """The oldest job that nobody is at, which is the caller's from now on; None without one."""
        moment = microseconds(now, "now")
        silent = jobs.c.changed_at < moment - SILENT_FOR // MICROSECOND
        free = (jobs.c.state == QUEUED) | ((jobs.c.state == RUNNING) & silent)
        oldest = select(jobs).where(free).order_by(jobs.c.created_at, jobs.c.id).limit(1)
        with self._database.overseeing() as connection:
            row = connection.execute(oldest).one_or_none()
        if row is None:
            return None
        same = (jobs.c.tenant == row.tenant) & (jobs.c.id == row.id)
        unchanged = (jobs.c.state == row.state) & (jobs.c.changed_at == row.changed_at)
        taken = update(jobs).where(same, unchanged).values(state=RUNNING, changed_at=moment)
        with self._database.writing() as connection:
            oversee(connection)
            won = connection.execute(taken).rowcount == 1
        return self.job(row.tenant, row.id) if won else None

    def still_at(self, job: Job, now: datetime) -> None:
        """The job is being worked on."""
        self._change_job(job, state=RUNNING, changed_at=microseconds(now))

    def end_job(self, job: Job, state: str, result: dict[str, Any], now: datetime) -> None:
        """The job is over; what it worked on is not kept."""
        moment = microseconds(now)
        self._change_job(job, state=state, result=result, input="", changed_at=moment)

    def _change_job(self, job: Job, **values: Any) -> None:
        same = (jobs.c.tenant == job.tenant) & (jobs.c.id == job.id) & (jobs.c.state == RUNNING)
        with self._database.writing(job.tenant) as connection:
            connection.execute(update(jobs).where(same).values(values))


def _job(row: Row[Any]) -> Job:
    found = row._asdict()
    moments = {name: instant(found[name]) for name in ("created_at", "changed_at")}
    return Job(**(found | moments))
