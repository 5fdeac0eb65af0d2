"""Pages say what was measured, and say nothing where there is no number."""

import xml.etree.ElementTree as ElementTree

import pytest

from training.benchmarks.pages import ablation_page, accuracy_page
from training.benchmarks.picture import picture


def apart(model, against, difference=0.01, metric="auc"):
    ends = {"low": difference - 0.005, "high": difference + 0.005}
    return {
        "model": model, "against": against, "metric": metric, "difference": difference, **ends
    }  # fmt: skip


def scores(model, auc):
    numbers = dict.fromkeys(("rmse", "log_loss", "accuracy", "ece"), 0.5)
    return {"model": model, "auc": auc, **numbers, "fit_seconds": 1.26, "trace_seconds": 0.0}


@pytest.fixture
def accuracy():
    share = {"right": 0.9, "n": 5, "low": 0.8, "high": 0.95}
    valid = {
        "model": "hierarchical", "runs": 10, "declared": 4, "mean_opportunities": 3.5,
        "median_opportunities": 3.0, "followed": 2, "next_1": share,
        "next_3": {"right": None, "n": 0, "low": None, "high": None},
    }  # fmt: skip
    return {
        "course": "stats_cloze", "about": "statistics", "folds": 0, "responses": 1234,
        "students": 56, "skills": 7, "unseen": 300, "ran": "On a machine.",
        "models": [scores("hierarchical", 0.86), scores("lr", None)],
        "differences": [apart("lr", "hierarchical", -0.0141)],
        "validity": [valid],
    }  # fmt: skip


@pytest.fixture
def ablation():
    models = [scores("bare", 0.7), scores("bare+items", 0.75), scores("whole", 0.8)]
    share = {"right": 0.9, "n": 5, "low": 0.8, "high": 0.95}
    valid = {"model": "bare+items", "declared": 4, "next_3": share}
    worth = [
        {
            "ingredient": "items<",
            "added": apart("bare+items", "bare", 0.05),
            "left_out": apart("whole", "bare", -0.002),
        }
    ]
    return {
        "course": "stats_cloze", "folds": 5, "unseen": 300, "models": models, "worth": worth,
        "ran": "On a machine.", "validity": [valid],
    }  # fmt: skip


def test_the_page_of_accuracy_says_how_much_memory_the_first_model_took(accuracy):
    assert "Memory" not in accuracy_page([accuracy])
    page = accuracy_page([{**accuracy, "peak_gib": {"hierarchical": 0.9, "lr": 1.234}}])
    assert "0.90 GiB at most until `hierarchical` was fitted" in page
    assert "1.23 in all" in page


def test_the_page_of_accuracy_holds_every_number(accuracy):
    page = accuracy_page([accuracy])
    assert "| `lr` | – | -0.0141 [-0.0191, -0.0091] |" in page
    assert "1,234 responses of 56 students" in page
    assert "| `hierarchical` | 4 of 10 | 3.5, 3 | 2 | .9000 [.8000, .9500] | – [–, –] |" in page
    assert "On a machine." in page


def test_the_page_of_ingredients_holds_every_number(ablation):
    page = ablation_page([ablation])
    assert "| + items< | .7500 | +0.0500 [+0.0450, +0.0550] | .9000 [.8000, .9500] (4) |" in page
    assert "| -0.0020 [-0.0070, +0.0030] |" in page
    assert "| skills alone | .7000 |  | – |  |" in page


def test_the_picture_is_well_formed_and_says_its_numbers(ablation):
    drawn = ElementTree.fromstring(picture([ablation, ablation]))
    space = "{http://www.w3.org/2000/svg}"
    said = [title.text for title in drawn.iter(f"{space}title")]
    assert said[0] == "bare+items against bare: +0.0500 [+0.0450, +0.0550]"
    assert len(said) == 4
    points = [float(point.get("cx")) for point in drawn.iter(f"{space}circle")]
    added, left_out = points[2:4]  # the first two are the legend's
    assert added > left_out
