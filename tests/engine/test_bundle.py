import json

import numpy as np
import pytest

from engine.bundle import Bundle, decode, encode, versioned
from engine.errors import InvalidInput
from engine.parameters import SkillEstimate, SkillParameters

NOT_KNOWN = float("nan")


@pytest.fixture
def bundle():
    parameters = SkillParameters(0.1 + 0.2, 1e-12, 0.0, 0.2, 0.1)
    errors = SkillParameters(0.01, NOT_KNOWN, 0.0, 0.02, 0.03)
    spread = np.diag([0.1, 0.0, 0.0, 0.2, 0.3])
    upper = SkillParameters(1.0, 1.0, 1.0, 0.5, 0.5)
    one = SkillEstimate(parameters, errors, spread, upper, 10, 2, ("undetermined: learn",))
    return versioned(Bundle("classic", {"数学 ~ 'C++'": one, "b": one}, one, {"events": 10}))


def test_what_is_decoded_is_what_was_encoded(bundle):
    found = decode(encode(bundle))
    assert (found.version, found.model, dict(found.facts)) == (
        bundle.version,
        "classic",
        {"events": 10},
    )
    before, after = bundle.skills["b"], found.skills["b"]
    assert after.parameters == before.parameters
    assert np.isnan(after.standard_errors.learn)
    assert (after.upper, after.flags, after.responses) == (before.upper, before.flags, 10)
    np.testing.assert_array_equal(after.covariance, before.covariance)
    np.testing.assert_array_equal(after.draws, before.draws)


def test_the_version_is_that_of_the_content(bundle):
    same = Bundle(bundle.model, dict(reversed(bundle.skills.items())), bundle.pooled, bundle.facts)
    other = Bundle("classic+forgets", bundle.skills, bundle.pooled, bundle.facts)
    assert versioned(same).version == bundle.version != versioned(other).version


def test_a_bundle_from_before_items_had_estimates_is_still_whole(bundle):
    document = json.loads(encode(bundle))
    assert "items" not in document["pooled"]
    document["pooled"]["items"] = {"q1": [0.2, 0.1]}
    with pytest.raises(InvalidInput, match="damaged or edited"):
        decode(json.dumps(document).encode())


def test_an_unseen_skill_gets_the_pooled_estimate_and_it_is_said(bundle):
    assert bundle.estimate("b") == (bundle.skills["b"], False)
    assert bundle.estimate("unheard of") == (bundle.pooled, True)


def changed(bundle, path, value):
    document = json.loads(encode(bundle))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], 99),
        (["version"], "0" * 16),
        (["model"], "other"),
        (["skills"], []),
        (["skills", "b", "parameters", 3], 1.5),
        (["skills", "b", "parameters"], [0.1]),
        (["skills", "b", "parameters", 0], None),
        (["skills", "b", "parameters", 0], 10**400),
        (["skills", "b", "covariance", 0], 1e400),
        (["facts", "events"], float("nan")),
        (["pooled"], {}),
        (["facts"], 7),
    ],
)
def test_anything_else_is_refused_by_its_place(bundle, path, value):
    with pytest.raises(InvalidInput, match="bundle"):
        decode(changed(bundle, path, value))


@pytest.mark.parametrize(
    "data",
    [b"", b"null", b"[1]", b"{", b"\xff\xfe", b'{"format": 1}', b"9" * 5000, b"[" * 100_000],
)
def test_what_is_no_bundle_at_all_is_refused(data):
    with pytest.raises(InvalidInput, match="bundle"):
        decode(data)
