"""Several processes find what one would, in the same order."""

import os
import signal
from multiprocessing import active_children
from multiprocessing.connection import Pipe
from threading import Thread

import pytest

from data.store import NewEvent, Standing
from engine.errors import Unavailable
from serving.jobs import crew
from serving.jobs.crew import Found, in_turn, standings, standings_side_by_side

STUDENTS = [f"s{n}" for n in range(7)]


@pytest.fixture
def pages_of_two(monkeypatch):
    monkeypatch.setattr(crew, "STUDENTS_AT_ONCE", 2)


@pytest.fixture
def url(world):
    return world.app.state.context.settings.database_url


@pytest.fixture
def answered(world):
    sent = [
        NewEvent(f"{student}-{n}", student, ("fractions",), correct=n % 2)
        for place, student in enumerate(STUDENTS)
        for n in range(place + 1)
    ]
    world.store.append("north", sent, world.now)


@pytest.mark.usefixtures("answered", "pages_of_two")
def test_two_processes_find_what_one_does_page_by_page(world, bundle, url):
    alone = list(standings(world.store, "north", bundle))
    together = standings_side_by_side(world.store, "north", bundle, url=url, processes=2)
    assert list(together) == alone
    assert [row.n for _, rows in alone for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert not active_children()


@pytest.mark.usefixtures("answered")
def test_a_process_that_is_killed_is_said_and_the_others_end(world, bundle, url, monkeypatch):
    monkeypatch.setattr(crew, "STUDENTS_AT_ONCE", 1)
    found = standings_side_by_side(world.store, "north", bundle, url=url, processes=2)
    next(found)  # after which each of them is still to be given one
    os.kill(active_children()[0].pid, signal.SIGKILL)
    with pytest.raises(Unavailable, match="has ended"):
        list(found)
    assert not active_children()


def answering(end, *answers):
    """Somebody at the other end of a pipe, who answers one page after the other."""

    def work():
        for answer in answers:
            end.recv()
            end.send(answer)
        end.close()

    Thread(target=work).start()


def found(*students):
    return Found([Standing(student, "a", 0.5, 0.4, 0.6, 1, "thin") for student in students])


def test_pages_come_in_their_order_whoever_worked_on_them():
    (one, its), (two, others) = Pipe(), Pipe()
    answering(its, found("ana"), found("eve"))
    answering(others, found("ben"), found())
    pages = list(in_turn([one, two], [["ana"], ["ben"], ["eve"], ["joe"]]))
    assert [(students, [row.student for row in rows]) for students, rows in pages] == [
        (["ana"], ["ana"]),
        (["ben"], ["ben"]),
        (["eve"], ["eve"]),
        (["joe"], []),
    ]


def test_why_one_could_not_go_on_is_said():
    ours, theirs = Pipe()
    answering(theirs, Found([], "the database is gone"))
    with pytest.raises(Unavailable, match="the database is gone"):
        list(in_turn([ours], [["ana"], ["ben"]]))


def test_one_that_has_gone_before_it_is_asked_is_said_too():
    ours, theirs = Pipe()
    theirs.close()
    with pytest.raises(Unavailable, match="has ended"):
        list(in_turn([ours], [["ana"]]))


def test_a_district_without_answers_has_no_page():
    assert list(in_turn([Pipe()[0]], [])) == []
