"""Query parameters that an endpoint does not know."""

import pytest


@pytest.mark.parametrize(
    "address",
    [
        "/v1/students/ana/mastery?skil=ratios",
        "/v1/classes/7a/mastery?objectve=o",
        "/v1/skills?limt=3",
        "/v1/skills/fractions?x=1",
        "/v1/model?verbose=1",
    ],
)
def test_a_mistyped_query_parameter_is_refused_by_its_name(world, address):
    answer = world.get(address)
    assert answer.status_code == 422
    name = address.split("?")[1].split("=")[0]
    assert name in answer.text


def test_known_parameters_are_taken(world):
    assert world.get("/v1/skills?limit=3").status_code == 200
