"""Whether the server is alive and ready, and which model is in force."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from ..auth import ModelReader
from ..champion import NO_MODEL
from ..context import InContext
from ..documented import problems
from ..metrics import MEDIA_TYPE

router = APIRouter(tags=["operations"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The server takes events. `model` is null until a first bundle is there."""

    status: Literal["ready"] = "ready"
    model: str | None


class Model(BaseModel):
    """The model in force."""

    model: str | None = Field(description="Its family, as `classic+forgets`; null: none yet.")
    version: str | None = Field(description="Hash of its content.")
    skills: int = Field(description="Skills it was fitted on.")
    facts: dict[str, Any] = Field(description="What its training reports of itself.")
    refusal: str | None = Field(description="Why the newest bundle is not in force.")


@router.get("/healthz", summary="Is the process alive?")
def health() -> Health:
    """Always, as long as anything answers."""
    return Health()


@router.get("/readyz", summary="Can it take work?", responses=problems(503))
def ready(context: InContext) -> Readiness:
    """Ready as soon as events can be kept; a model may come later."""
    context.store.check()
    bundle = context.champion.state().bundle
    return Readiness(model=bundle.version if bundle else None)


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(context: InContext) -> Response:
    """Requests by route and status, their times, events by outcome, the model: nothing of anybody.

    Open to whoever reaches the server: keep the address inside your network, as `docs/operations`
    says.
    """
    context.metrics.serving(context.champion.state())
    return Response(context.metrics.text(), media_type=MEDIA_TYPE)


@router.get("/v1/model", summary="The model in force", responses=problems(401, 403))
def model(_caller: ModelReader, context: InContext) -> Model:
    """Which model answers, what it was fitted on, and whether a newer one was refused."""
    state = context.champion.state()
    if state.bundle is None:
        refusal = state.refusal or NO_MODEL
        return Model(model=None, version=None, skills=0, facts={}, refusal=refusal)
    return Model(
        model=state.bundle.model,
        version=state.bundle.version,
        skills=len(state.bundle.skills),
        facts=dict(state.bundle.facts),
        refusal=state.refusal,
    )
