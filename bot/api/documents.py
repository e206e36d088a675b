"""The documents of the app's protocol as they stand in ``templates/api``: OpenAPI for calls, AsyncAPI for frames."""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from bot.words import TEMPLATES

Document = Mapping[str, Any]
"""A JSON document of a known standard."""
OPENAPI, ASYNCAPI = "openapi.json", "asyncapi.json"


@cache
def text_of(name: str) -> str:
    """A document as it is served."""
    return (TEMPLATES / "api" / name).read_text(encoding="utf-8")


@cache
def document(name: str) -> Document:
    """A document, parsed."""
    return MappingProxyType(json.loads(text_of(name)))


def resolved(part: Mapping[str, Any], inside: Document) -> Mapping[str, Any]:
    """What a reference within a document, or from the socket's to the calls', stands for."""
    while "$ref" in part:
        file, _, path = part["$ref"].partition("#/")
        found: Any = document(file) if file else inside
        for step in path.split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        part = found
    return part
