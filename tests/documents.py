"""Holds what a server really says against the documents of the app's protocol."""

import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bot.api.documents import ASYNCAPI, OPENAPI, document, resolved

REGISTRY: "Registry[Any]" = Registry().with_resources(
    (name, DRAFT202012.create_resource(dict(document(name)))) for name in (OPENAPI, ASYNCAPI)
)


def validate(value: object, file: str, *path: str) -> None:
    """Hold a value against the schema at a place of a document."""
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in path)
    Draft202012Validator({"$ref": f"{file}#/{pointer}"}, registry=REGISTRY).validate(value)


def shape(value: object, name: str) -> None:
    """Hold a value against one of the shapes of the calls."""
    validate(value, OPENAPI, "components", "schemas", name)


def frame(value: object, name: str) -> None:
    """Hold a frame against its message."""
    validate(value, ASYNCAPI, "components", "messages", name, "payload")


def operation(method: str, path: str) -> Mapping[str, Any]:
    """A call of the document."""
    found: Mapping[str, Any] = document(OPENAPI)["paths"][path][method.lower()]
    return found


def answer(method: str, path: str, status: int, kind: str, value: object) -> None:
    """Hold an answer against the one that the document promises for its status and type.

    Raises:
        KeyError: the document knows no such answer.
    """
    promised = operation(method, path)["responses"][str(status)]
    content = resolved(promised, document(OPENAPI)).get("content", {})
    if not content:
        assert not value
        return
    schema = (content.get(kind) or content["*/*"])["schema"]
    Draft202012Validator(_absolute(schema), registry=REGISTRY).validate(value)


def _absolute(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema whose references say which document they are of."""
    return {"$ref": f"{OPENAPI}{schema['$ref']}"} if "$ref" in schema else {}


def promised(method: str, path: str, status: int, kind: str, value: object) -> None:
    """Hold an answer to a real address against what the document promises for it.

    Raises:
        KeyError: the document knows no such call or no such answer.
    """
    fitting = [
        one
        for one in document(OPENAPI)["paths"]
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path.partition("?")[0])
    ]
    answer(method, min(fitting, key=lambda one: one.count("{")), status, kind, value)
