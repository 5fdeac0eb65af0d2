"""The server's start, measured on a real one; nothing here depends on how long it took."""

import pandas as pd

from models import BKT
from training.benchmarks.startup import modules_loaded, start_up


def test_a_real_server_becomes_ready_and_is_ended(tmp_path):
    events = pd.DataFrame({"student": ["ana", "ben"], "skill": "ratio", "correct": [1, 0]})
    found = start_up(BKT().fit(events).bundle, repeats=1)
    assert len(found.seconds) == 1
    assert found.seconds[0] > 0
    assert not {"torch", "pyro", "mlflow"} & set(found.heavy)


def test_the_modules_are_those_of_the_application():
    assert "serving.app" in modules_loaded()
