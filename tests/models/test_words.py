"""Words of any length give the counts that all hidden paths give."""

import numpy as np
import pytest

from models.expectation import expect, scratch_for
from models.lanes import LANES
from models.trie import tries_of, words_of

from .test_expectation import PARAMETERS, enumerated, sequences_from

RNG = np.random.default_rng(5)
HISTORIES = [*RNG.integers(0, 2, (20, 7)).tolist(), [1], [0, 1], [1] * 8 + [0, 1]]


def passed(histories, parameters, longest):
    tries = tries_of(sequences_from(histories), longest=longest)
    return expect(tries, np.array([0]), parameters, scratch_for(tries))


@pytest.mark.parametrize("longest", [1, 2, 3, 5, 10])
def test_words_of_any_length_give_what_all_hidden_paths_give(longest):
    found = passed(HISTORIES, PARAMETERS, longest)
    for lane in (0, LANES - 1):
        each = [enumerated(history, PARAMETERS[0, lane]) for history in HISTORIES]
        assert found.log_likelihood[0, lane] == pytest.approx(sum(e[0] for e in each), abs=1e-12)
        np.testing.assert_allclose(found.counts[0, lane], sum(e[1] for e in each), atol=1e-12)


@pytest.mark.parametrize("kinds", [[0.5], [0.25, 0.75], [0.0, 0.5, 1.0]])
def test_words_of_partly_right_answers_give_what_all_hidden_paths_give(kinds):
    histories = [kinds * 3, kinds[:1], kinds * 2 + kinds[:1]]
    found = passed(histories, PARAMETERS, 0)
    for lane in (0, LANES - 1):
        each = [enumerated(history, PARAMETERS[0, lane]) for history in histories]
        assert found.log_likelihood[0, lane] == pytest.approx(sum(e[0] for e in each), abs=1e-12)
        np.testing.assert_allclose(found.counts[0, lane], sum(e[1] for e in each), atol=1e-12)


@pytest.mark.parametrize("kinds", [[0.0, 1.0], [0.5], [0.25, 0.75], [0.0, 0.5, 1.0]])
@pytest.mark.parametrize("longest", [1, 2, 10])
def test_a_pass_has_room_for_every_word_that_a_history_may_end_with(kinds, longest):
    tries = tries_of(sequences_from([kinds * 15]), longest=longest)
    assert words_of(1, len(kinds)) == len(kinds)  # a word more would begin with none
    assert tries.word.max() < words_of(int(tries.longest[0]), len(kinds))
    assert tries.tip_word.max() < words_of(int(tries.longest[0]), len(kinds))


@pytest.mark.parametrize("longest", [2, 4, 10])
def test_next_to_impossible_words_stay_numbers(longest):
    sure = np.tile([0.3, 1e-12, 0.0, 1e-12, 1e-12], (1, LANES, 1))
    histories = [[1] * 10 + [0] * 10, [0, 1] * 10, [1, 0] * 15]
    one_by_one, in_words = (passed(histories, sure, length) for length in (1, longest))
    np.testing.assert_allclose(in_words.log_likelihood, one_by_one.log_likelihood, rtol=1e-12)
    np.testing.assert_allclose(in_words.counts, one_by_one.counts, rtol=1e-9, atol=1e-9)
