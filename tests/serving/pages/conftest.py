"""A teacher at a browser: signed in by a link, reading pages of the tiny school."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from engine.bundle import Bundle, versioned
from engine.curriculum import Activity, Curriculum, Item, Objective, Skill
from engine.parameters import SkillEstimate, SkillParameters
from engine.responses import Response

NOW = datetime(2026, 9, 15, 12, 0, tzinfo=UTC)
START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
HTML = {"accept": "text/html"}


@pytest.fixture
def sign_in_link(bare):
    """Makes the address that signs a teacher in."""

    def link(user="ms-rivera", **given):
        token = bare.store.create_sign_in("north", "teacher", bare.now, user=user, **given)
        return f"/sign-in?token={token}"

    return link


@pytest.fixture
def browse(bare, sign_in_link):
    """Opens a page as the signed-in teacher."""
    bare.client.request("GET", sign_in_link())

    def page(path, **given):
        return bare.client.request("GET", path, headers=HTML, **given)

    return page


@pytest.fixture
def submit(bare):
    """Sends a form as the page that holds it would, with the token found there."""

    def send(path, page="/sign-in", **fields):
        shown = bare.client.request("GET", page, headers=HTML).text
        token = re.search(r'name="csrf" value="([^"]+)"', shown)[1]
        return bare.client.request("POST", path, data={"csrf": token, **fields}, headers=HTML)

    return send


@pytest.fixture
def numbers():
    """Every number that a page shows as data, exactly."""
    return lambda text: [float(found) for found in re.findall(r'<data[^>]*value="([^"]+)"', text)]


@pytest.fixture
def course():
    """Fractions, then ratios, then slope; one objective for the last two."""
    return Curriculum.of(
        skills=[
            Skill("fractions", "Adding fractions"),
            Skill("ratios", "Ratios", ("fractions",)),
            Skill("slope", "Slope", ("ratios",)),
        ],
        objectives=[
            Objective("early", "Start with fractions", ("fractions",)),
            Objective("lines", "Draw lines", ("ratios", "slope")),
        ],
        items=[Item("f-1", ("fractions",), "1/2 + 1/3 = ?")],
        activities=[
            Activity("cards", ("fractions",), "Fraction cards", "hands-on", items=("f-1",)),
            Activity("talk", ("ratios",), "Talk it over", "workshop", teacher_led=True, minutes=20),
        ],
    )


@pytest.fixture
def model():
    """Parameters known well, the same for every skill."""
    parameters = SkillParameters(0.3, 0.2, 0.0, 0.2, 0.1)
    one = SkillEstimate(parameters, SkillParameters(*[0.01] * 5), np.eye(5) / 100.0)
    skills = dict.fromkeys(["fractions", "ratios", "slope"], one)
    return versioned(Bundle("classic", skills, one, {"events": 1000, "students": 40}))


@pytest.fixture
def answers():
    """Makes a student's answers on a skill, a minute apart, from a row of scores."""

    def make(*scores, skill="fractions", student="ana"):
        return [
            Response(
                f"{skill}-{i}",
                student,
                tuple(skill.split("~~")),
                score,
                START + timedelta(minutes=i),
            )
            for i, score in enumerate(scores)
        ]

    return make


@pytest.fixture
def need():
    """Makes the place and next step of a student."""

    def make(tier="on-level", **changes):
        said = {"provisional": False, "urgency": 1.0, "focus": "Ratios", "teacher": False}
        return SimpleNamespace(**{"tier": tier, "reasons": ("Because.",), **said, **changes})

    return make
