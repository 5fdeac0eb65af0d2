"""The OpenAPI document says what is there, and nothing that is not."""

from __future__ import annotations

import json
import re

import pytest
from fastapi import FastAPI

from serving.events.schemas import Delivery, Event
from serving.facts import schemas as facts
from serving.groupings.schemas import GroupingRequest
from serving.recommendations.schemas import RecommendationRequest

METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture
def document(world):
    return world.get("/openapi.json", None).json()


def test_every_operation_says_what_it_does(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            assert operation["tags"], (method, path)


def test_operation_ids_are_unique(document):
    ids = [one["operationId"] for methods in document["paths"].values() for one in methods.values()]
    assert len(ids) == len(set(ids))


def test_no_two_models_share_a_name(document):
    """FastAPI tells two of one name apart by their module: a name that no reader wants to see."""
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_every_reference_leads_somewhere(document):
    for reference in set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document))):
        assert reference in document["components"]["schemas"]


def test_errors_are_problem_documents_and_nothing_else(document):
    assert "HTTPValidationError" not in json.dumps(document)
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if status >= "400":
                    assert list(answer["content"]) == ["application/problem+json"]


def test_every_operation_behind_a_key_says_so(document):
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert ("security" in operation) == path.startswith("/v1/"), path


def test_what_is_documented_is_what_is_served(world, document):
    app: FastAPI = world.app
    assert app.openapi() is app.openapi()
    for path, methods in document["paths"].items():
        for method in METHODS & set(methods):
            reply = world.call(method.upper(), path.replace("{id}", "none"), None)
            served = (401,) if path.startswith("/v1/") else (200,)
            assert reply.status_code in served, (method, path)


@pytest.mark.parametrize(
    "body",
    [
        facts.Skill,
        facts.Objective,
        facts.Item,
        facts.Activity,
        facts.Student,
        facts.Class,
        Delivery,
        RecommendationRequest,
        GroupingRequest,
    ],
)
def test_every_body_has_an_example_that_is_valid(body):
    for example in body.model_json_schema()["examples"]:
        body.model_validate(example)


def test_every_example_of_an_event_can_be_read():
    [example] = Delivery.model_json_schema()["examples"]
    judged = Delivery.model_validate(example).judged()
    assert all(isinstance(event, Event) for event in judged)
