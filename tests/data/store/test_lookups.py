import pytest
from sqlalchemy import select

from data.store import Store
from data.store.lookups import among
from data.store.schema import facts

ODD = ["plain", "größer", 'quoted "x"', "back\\slash", "{braces,}", "NULL", "line\nbreak", "\x7f"]


@pytest.mark.parametrize("wanted", [[], ["plain"], ODD, ["no such id"] * 40_000 + ODD[:2]])
def test_exactly_the_ids_asked_for_are_found(store: Store, wanted):
    from datetime import UTC, datetime

    store.put_many("t", "students", [{"id": id} for id in ODD], now=datetime.now(UTC))
    with store._database.reading("t") as connection:
        query = select(facts.c.id).where(among(connection, facts.c.id, wanted))
        found = set(connection.scalars(query))
    assert found == set(ODD) & set(wanted)
