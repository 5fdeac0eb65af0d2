from collections import Counter

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from models.sequences import sequences_of
from models.trie import tries_of


def several(answers, longest):
    history = st.lists(st.sampled_from(answers), min_size=1, max_size=longest)
    return st.lists(history, min_size=1, max_size=12)


def frame_of(histories):
    return pd.DataFrame(
        [(f"s{i}", "x", y) for i, history in enumerate(histories) for y in history],
        columns=["student", "skill", "correct"],
    )


def spelt(word, tries):
    """The answers of a word, by the rule that `Tries` states."""
    if word < len(tries.answers):
        return (tries.answers[word],)
    digits = bin(word + 2)[3:]
    return tuple(tries.answers[int(digit)] for digit in digits)


def stems_and_tips(tries):
    """The answers that every stem, and every tip, stands for."""
    stems = [()]
    for parent, word in zip(tries.parent[1:], tries.word[1:], strict=True):
        stems.append((*stems[parent], *spelt(word, tries)))
    of_tip = np.repeat(np.arange(len(stems)), np.diff(tries.tip_starts))
    tips = [
        (*stems[stem], *spelt(word, tries))
        for stem, word in zip(of_tip, tries.tip_word, strict=True)
    ]
    return stems, tips


def check(histories, longest):
    tries = tries_of(sequences_of(frame_of(histories)), longest=longest)
    stems, tips = stems_and_tips(tries)
    assert dict(zip(tips, tries.ending, strict=True)) == Counter(map(tuple, histories))
    begun = Counter(tuple(h[:n]) for h in histories for n in range(0, len(h), longest))
    assert dict(zip(stems, tries.passing, strict=True)) == begun


@settings(max_examples=80, deadline=None)
@given(several([0.0, 1.0], 25), st.sampled_from([1, 2, 3, 10]))
def test_histories_are_tips_and_the_whole_words_they_begin_with_are_stems(histories, longest):
    check(histories, longest)


@settings(max_examples=40, deadline=None)
@given(several([0.0, 0.5, 1.0], 6))
def test_with_more_kinds_of_answer_every_answer_is_a_word(histories):
    check(histories, 1)


def test_skills_have_tries_of_their_own():
    frame = pd.concat([frame_of([[1.0, 0.0]]), frame_of([[1.0]]).assign(skill="y")])
    tries = tries_of(sequences_of(frame))
    assert tries.stem_starts.tolist() == [0, 2, 3]
    assert tries.parent.tolist() == [-1, 0, -1]
    assert tries.students().tolist() == [1, 1]
    assert tries.sizes().tolist() == [3, 2]


def test_parents_come_before_their_children():
    rng = np.random.default_rng(1)
    tries = tries_of(sequences_of(frame_of(rng.integers(0, 2, (200, 9)).tolist())))
    assert (tries.parent < np.arange(len(tries.parent))).all()


def test_some_of_the_students_are_spread_over_them_all():
    histories = [[1.0, n % 2] for n in range(100)]
    tries = tries_of(sequences_of(frame_of(histories)), students=20)
    assert tries.students().tolist() == [20]
    few = tries_of(sequences_of(frame_of(histories[:70])), students=20)
    assert few.students().tolist() == [70]
