"""A real database for every test, and every test on both kinds of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.store import Store

BOTH = ("sqlite", "postgres")


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/school.db"
    address: str = request.getfixturevalue("postgres_url")
    return address


@pytest.fixture(params=BOTH)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/school.db"
    address: str = request.getfixturevalue("bare_postgres_url")
    return address


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/school.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as opened:
        yield opened
