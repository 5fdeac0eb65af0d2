"""A followed student as bytes: the same student back, and nothing else."""

import pytest

from engine.contexts import Contexts
from engine.errors import InvalidInput
from engine.keeping import decode, encode
from engine.online import Following

from .test_online import KINDS, SKILLS, history, model


@pytest.fixture
def kept():
    bundle = model(KINDS["everything"])
    student = Following(bundle).after_all(history(20))
    return encode(student), bundle


@pytest.mark.parametrize("contexts", KINDS.values(), ids=KINDS)
def test_a_student_kept_and_taken_up_again_goes_on_as_if_nothing_had_been(contexts):
    bundle, responses = model(contexts), history()
    student = Following(bundle).after_all(responses[:40])
    taken_up = decode(encode(student), bundle)
    assert encode(taken_up) == encode(student)
    one, other = student.after_all(responses[40:]), taken_up.after_all(responses[40:])
    for skill in (*SKILLS, "never seen"):
        assert one.belief(skill) == other.belief(skill)


def test_a_student_of_whom_nothing_is_known_can_be_kept():
    bundle = model(Contexts())
    assert decode(encode(Following(bundle)), bundle) == Following(bundle)


def test_every_damaged_byte_is_noticed(kept):
    data, bundle = kept
    for place in range(0, len(data), 13):
        damaged = bytearray(data)
        damaged[place] ^= 0x40
        with pytest.raises(InvalidInput, match="state"):
            decode(bytes(damaged), bundle)


@pytest.mark.parametrize("length", [0, 3, 20, 100, -1])
def test_half_a_student_is_refused(kept, length):
    data, bundle = kept
    with pytest.raises(InvalidInput, match="state"):
        decode(data[:length], bundle)


def test_a_later_format_is_named(kept):
    data, bundle = kept
    with pytest.raises(InvalidInput, match="format: got '2', expected 1"):
        decode(data[:4] + b"\x02" + data[5:], bundle)


def test_a_state_of_another_model_is_refused_by_both_versions(kept):
    data, bundle = kept
    other = model(Contexts())
    with pytest.raises(InvalidInput, match=f"{bundle.version}.*{other.version}"):
        decode(data, other)
