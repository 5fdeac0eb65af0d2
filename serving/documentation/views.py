"""The OpenAPI document as a person reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from ..permission_table import table
from ..roles import Reach
from .example import STEPS, Step
from .schema import OPENING, RULES

CODE = re.compile("`([^`]+)`")
METHODS = ("get", "put", "post", "patch", "delete")


Row = tuple[str, ...]
"""A line of a table: a name, then what is said of it."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked of the API."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Row, ...]
    fields: tuple[Row, ...]
    example: str
    answers: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class DocsPage:
    """The reference, grouped, below the worked example."""

    opening: str
    rules: tuple[str, ...]
    address: str
    steps: tuple[Step, ...]
    groups: Mapping[str, tuple[Operation, ...]]
    reaches: tuple[Row, ...]
    roles: Row
    permissions: tuple[Row, ...]


def docs_page(document: Mapping[str, Any], address: str) -> DocsPage:
    """The page for an OpenAPI document, its example aimed at `address`."""
    groups: dict[str, list[Operation]] = {}
    for operation, tag in _operations(document):
        groups.setdefault(tag, []).append(operation)
    (_, *roles), *permissions = table()
    return DocsPage(
        opening=OPENING,
        rules=RULES,
        address=address,
        steps=STEPS,
        groups={tag: tuple(found) for tag, found in groups.items()},
        reaches=tuple((reach.name.lower(), str(reach)) for reach in Reach),
        roles=("route", *roles),
        permissions=tuple(permissions),
    )


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[Operation, str]]:
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                found = methods[method]
                yield _operation(method, path, found, schemas), found["tags"][0]


def _operation(
    method: str, path: str, found: Mapping[str, Any], schemas: Mapping[str, Any]
) -> Operation:
    body = _body(found, schemas)
    return Operation(
        anchor=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found.get("summary", ""),
        description=found.get("description", ""),
        parameters=tuple(_parameter(one) for one in found.get("parameters", ())),
        fields=tuple(_fields(body)) or tuple(_files(found)),
        example=_example(body),
        answers=tuple(
            (status, answer["description"]) for status, answer in sorted(found["responses"].items())
        ),
    )


def _parameter(found: Mapping[str, Any]) -> Row:
    needed = "yes" if found.get("required") else "no"
    return found["name"], found["in"], needed, found.get("description", "")


def _body(found: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of the body; empty without one."""
    content = found.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    schema: Mapping[str, Any] = schemas.get(reference.rpartition("/")[2], {})
    return schema


def _fields(body: Mapping[str, Any]) -> Iterator[Row]:
    required = body.get("required", ())
    for name, schema in body.get("properties", {}).items():
        needed = "yes" if name in required else "no"
        yield name, type_in_words(schema), needed, schema.get("description", "")


def _files(found: Mapping[str, Any]) -> Iterator[Row]:
    """The forms in which a file may be sent; none where the body is JSON."""
    content = found.get("requestBody", {}).get("content", {})
    for kind, form in content.items():
        if kind != "application/json":
            yield (
                kind,
                "file",
                "one of these",
                f"As `{form['example']}`" if "example" in form else "",
            )


def type_in_words(schema: Mapping[str, Any]) -> str:
    """What values a schema allows, in a few words.

    >>> type_in_words({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]})
    'list of string, or null'
    """
    if "anyOf" in schema:
        return ", or ".join(type_in_words(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"list of {type_in_words(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type", "anything"))


def _example(body: Mapping[str, Any]) -> str:
    examples = body.get("examples", ())
    return json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else ""


def coded(text: str) -> Markup:
    """Text with its `code` marked up, and everything else escaped.

    >>> coded("`a<b` and c<d")
    Markup('<code>a&lt;b</code> and c&lt;d')
    """
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))
