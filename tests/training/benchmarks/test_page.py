"""The page of figures: what was not measured again stays as it was."""

import json
import xml.etree.ElementTree as ElementTree

from training.benchmarks.curve import Line, picture
from training.benchmarks.fitting import race
from training.benchmarks.large import fit_large
from training.benchmarks.page import write_page
from training.benchmarks.tracing import speeds

from .test_fitting import plain

MACHINE = {"machine": "On some machine, load 0.1."}


def test_the_page_shows_what_was_measured_and_keeps_what_was_not(python, responses, tmp_path):
    found = race(responses, plain, python=python, repeats=2, work="a small race")
    curve = [{"responses": 60, "seconds": 0.1, "peer_seconds": 0.2}]
    page = tmp_path / "page.md"
    write_page(page, {"fitting": {"races": [found.as_dict()], "curve": curve}, **MACHINE})
    write_page(
        page, {"tracing": speeds(responses=2_000, steps=200, history=20).as_dict(), **MACHINE}
    )
    text = page.read_text()
    assert "a small race" in text
    assert f"**{found.ratio:.1f}**" in text
    assert "## Tracing" in text
    assert "hierarchical, in the kernel" in text
    assert text.count("On some machine, load 0.1.") == 2
    assert set(json.loads((tmp_path / "benchmarks.json").read_text())) == {"fitting", "tracing"}
    assert "pyBKT" in (tmp_path / "fit-time.svg").read_text()


def test_each_size_is_written_read_and_fitted_in_a_process_of_its_own():
    (found,) = fit_large(sizes=(4_000,), skills=4)
    assert (found.responses, found.skills, found.converged) == (4_000, 4, True)
    assert found.memory > 1e6
    assert found.seconds == found.reading + found.fitting


def test_a_picture_is_well_formed_and_higher_means_longer():
    text = picture("A & B", [Line("<fast>", [(10, 1), (1000, 10)]), Line("slow", [(10, 100)])])
    root = ElementTree.fromstring(text)
    low, high = (
        float(circle.get("cy"))
        for circle in list(root.iter("{http://www.w3.org/2000/svg}circle"))[:2]
    )
    assert low > high  # y grows downwards
