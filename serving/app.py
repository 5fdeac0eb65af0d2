"""The application: every route, on one store and one model.

Importing this makes nothing and pulls in neither torch nor MLflow: the model arrives as a small
parameter bundle.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI

from data.store import Store

from . import documentation, pages, problems
from .champion import Champion
from .context import Clock, Context, utc_now
from .events.endpoints import router as events
from .events.express import Express
from .facts.endpoints import routers as facts
from .goals.endpoints import router as goals
from .groupings.endpoints import router as groupings
from .help.endpoints import router as help_requests
from .identifiers import KeptSlashes
from .intake import Intake
from .jobs.endpoints import router as jobs
from .jobs.runner import Runner
from .lessons.endpoints import plans as session_plans
from .lessons.endpoints import router as lessons
from .mastery.endpoints import router as mastery
from .operations.endpoints import router as operations
from .overrides.endpoints import router as overrides
from .pace import Pace
from .parameters import only_known_parameters
from .people.endpoints import router as people
from .personal.endpoints import router as personal
from .recommendations.endpoints import router as recommendations
from .repeats import Repeats
from .reports.endpoints import router as reports
from .safety import Safe
from .settings import Settings
from .warming import warm_up
from .watching import Routed, Watched
from .workshops.endpoints import router as workshops

THREADS = 4
"""Requests that a worker is at, at one time. Python runs one thread at a time, and one that comes
back from the database waits for all others: in a school of 1,000 a next activity took 7.5 ms of
processor time with sixteen, 5.3 with four, 4.6 with two (`trellis load --quick --only next`); with
five million events, where most of it is reading, as long with sixteen as with four. A few may wait
for a disk or another server meanwhile, and share the write to it."""
logger = logging.getLogger("trellis")
EXEMPT = (
    "the database role is a superuser or exempt from row-level security: give Trellis one that is "
    "neither, so that the second wall between tenants stands"
)
API = (
    *facts,
    events,
    goals,
    overrides,
    help_requests,
    mastery,
    recommendations,
    groupings,
    lessons,
    session_plans,
    workshops,
    reports,
    personal,
    people,
    jobs,
    operations,
)


def create_app(settings: Settings, *, clock: Clock = utc_now) -> FastAPI:
    """The application, its store open and its schema up to date.

    Raises `InvalidInput` or `Unavailable` when the database cannot be used. `clock` tells the time
    now; tests bring their own.
    """
    store = Store.open(settings.database_url)
    champion = Champion(settings.model_dir)
    app = FastAPI(
        title="Trellis",
        summary="An adaptive learning engine",
        description=documentation.DESCRIPTION,
        version=documentation.VERSION,
        docs_url=None,  # the stock page loads its script from a CDN, which schools block
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=documentation.operation_name,
        lifespan=_lifespan,
    )
    app.state.context = Context(settings, store, champion, clock)
    for router in API:
        app.include_router(router, dependencies=[Depends(only_known_parameters)])
    for router in (documentation.router, pages.router):
        app.include_router(router)
    problems.install(app)
    pages.install_problem_pages(app)
    documentation.install(app)
    app.add_middleware(Routed)
    app.add_middleware(Repeats)
    app.add_middleware(Express)
    app.add_middleware(pages.Forms, secure=settings.secure_cookies)
    app.add_middleware(Intake, max_body_bytes=settings.max_body_bytes)
    if settings.most_requests:
        app.add_middleware(Pace, rate=float(settings.most_requests))
    app.add_middleware(KeptSlashes)
    app.add_middleware(Safe, https=settings.secure_cookies)
    app.add_middleware(Watched)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    context: Context = app.state.context
    current_default_thread_limiter().total_tokens = THREADS
    if context.store.walks_through_walls():
        logger.warning(EXEMPT)
    warm_up()
    runner = Runner(context.settings, context.store)
    runner.start()
    yield
    runner.stop()
    context.store.close()
