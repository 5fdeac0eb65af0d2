from collections import Counter

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from models.sequences import sequences_of
from models.trie import tries_of

histories = st.lists(
    st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=5), min_size=1, max_size=12
)


def frame_of(histories):
    return pd.DataFrame(
        [(f"s{i}", "x", y) for i, history in enumerate(histories) for y in history],
        columns=["student", "skill", "correct"],
    )


def paths(tries):
    """The prefix that every node stands for."""
    found = []
    for parent, answer in zip(tries.parent, tries.answer, strict=True):
        above = () if parent < 0 else found[parent]
        found.append((*above, tries.answers[answer]))
    return found


@settings(max_examples=80, deadline=None)
@given(histories)
def test_every_unique_prefix_is_one_node_with_its_number_of_students(histories):
    tries = tries_of(sequences_of(frame_of(histories)))
    prefixes = Counter(tuple(h[: n + 1]) for h in histories for n in range(len(h)))
    endings = Counter(tuple(h) for h in histories)
    found = paths(tries)
    assert len(found) == len(prefixes)
    assert dict(zip(found, tries.passing, strict=True)) == prefixes
    assert all(endings[path] == end for path, end in zip(found, tries.ending, strict=True))


def test_skills_have_tries_of_their_own():
    frame = pd.concat([frame_of([[1.0, 0.0]]), frame_of([[1.0]]).assign(skill="y")])
    tries = tries_of(sequences_of(frame))
    assert tries.node_starts.tolist() == [0, 2, 3]
    assert tries.parent.tolist() == [-1, 0, -1]


def test_parents_come_before_their_children():
    rng = np.random.default_rng(1)
    tries = tries_of(sequences_of(frame_of(rng.integers(0, 2, (200, 9)).tolist())))
    assert (tries.parent < np.arange(len(tries.parent))).all()
