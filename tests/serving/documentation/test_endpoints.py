"""`/docs` works where no other site can be reached, and its example can be pasted."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest

from serving.documentation.example import STEPS
from serving.permissions import OPEN, ROUTES


def test_the_page_needs_nothing_from_elsewhere_and_no_script(world):
    reply = world.get("/docs", None)
    assert reply.status_code == 200
    sources = re.findall(r'(?:src|href)="([^"]+)"', reply.text)
    assert all(source.startswith(("/", "#")) for source in sources)
    assert "<script" not in reply.text


def test_the_page_lists_every_operation(world):
    text = world.get("/docs", None).text
    for path, methods in world.app.openapi()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in text


def test_the_page_says_who_may_call_every_route(world):
    text = world.get("/docs", None).text
    assert all(f"<code>{route}</code></th>" in text for route in {**ROUTES, **OPEN})


def test_the_worked_example_works_when_pasted(live):
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("the example is pasted into a shell with curl; install curl to run this")
    script = "\necho\n".join(step.command for step in STEPS)
    run = subprocess.run(
        ["bash", "-euc", script],
        env=os.environ | {"TRELLIS": live.address, "KEY": live.key},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    replies = [json.loads(line) for line in run.stdout.splitlines() if line]
    assert len(replies) == len(STEPS)
    assert [r["status"] for r in replies[3]["results"]] == ["accepted", "accepted"]
    assert replies[4]["skills"][0]["n"] == 2
    assert replies[5]["candidates"][0]["activity"] == "bars"
