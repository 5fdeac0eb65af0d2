"""Asking for long work: 202 and a job to look up."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from data.store import Job
from engine.errors import InvalidInput, NotFound

from ..auth import EventSender, JobReader, SnapshotTaker
from ..context import InContext
from ..documented import GUARDED, WRITTEN, problems
from ..identifiers import Identifier
from . import schemas
from .uploads import CSV, NDJSON

router = APIRouter(prefix="/v1", tags=["jobs"])
ANY = "application/octet-stream"
"""How many programs send a file: what it holds is told from how it begins."""
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"The file as it is, at most as large as the server takes. As `{ANY}` it is "
        "JSON lines if it begins with `{`, and CSV otherwise.",
        "content": {
            NDJSON: {
                "schema": {"type": "string"},
                "example": '{"id": "e1", "student": "ana", "skills": ["ratio"], "correct": true}\n',
            },
            CSV: {
                "schema": {"type": "string"},
                "example": "id,student,skills,correct\ne1,ana,ratio~~rate,1\n",
            },
            ANY: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


@router.post(
    "/imports/events",
    summary="Import a file of answers",
    status_code=202,
    response_model=schemas.Job,
    responses=problems(*WRITTEN, 503),
    openapi_extra=FILE,
)
async def import_events(caller: EventSender, request: Request, context: InContext) -> Response:
    """A row an event, with the fields of `POST /v1/events`: JSON lines, or CSV with a header
    (skills joined by `~~`). The job says of rows that were not kept what is wrong with them; the
    others are kept. Importing a file again changes nothing.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (NDJSON, CSV, ANY):
        raise InvalidInput.at("Content-Type", kind, f"{NDJSON}, {CSV} or {ANY}")
    text = _text(await request.body())
    if kind == ANY:
        kind = NDJSON if text.lstrip().startswith("{") else CSV
    asked = json.dumps({"type": kind, "text": text})
    store, now = context.store, context.clock()
    job = await run_in_threadpool(store.create_job, caller.tenant, "import-events", asked, now)
    return _accepted(job)


@router.post(
    "/snapshots",
    summary="Take a snapshot of what is believed of everybody",
    status_code=202,
    response_model=schemas.Job,
    responses=problems(*WRITTEN, 503),
)
def snapshot(asked: schemas.SnapshotRequest, caller: SnapshotTaker, context: InContext) -> Response:
    """Every student with answers in every skill practised, as rows of the table `snapshots` and as
    a Parquet file of the day in the server's folder. Taken again, it replaces that day's.
    """
    context.champion.bundle()  # without a model there is nothing to believe: said now, not later
    now = context.clock()
    day = (asked.day or now.date()).isoformat()
    job = context.store.create_job(caller.tenant, "snapshot", json.dumps({"day": day}), now)
    return _accepted(job)


@router.get(
    "/jobs/{id}",
    summary="Look up a job",
    response_model=schemas.Job,
    responses=problems(*GUARDED, 404),
)
def get(id: Identifier, caller: JobReader, context: InContext) -> Response:
    """Where it stands, and once it is done what came of it."""
    found = context.store.job(caller.tenant, id)
    if found is None:
        raise NotFound("job", id)
    return JSONResponse(_document(found))


def _accepted(job: Job) -> Response:
    return JSONResponse(_document(job), status_code=202, headers={"Location": f"/v1/jobs/{job.id}"})


def _document(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "created_at": job.created_at.isoformat(),
        "changed_at": job.changed_at.isoformat(),
        "result": job.result,
    }


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput.at("body", f"byte {error.start}", "text in UTF-8") from None
    if not text.strip() or "\x00" in text:
        raise InvalidInput.at("body", "nothing or NUL", "at least one row of text")
    return text
