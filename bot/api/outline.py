"""The outline of the documents for people: calls and frames with their fields, in one language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.api.documents import ASYNCAPI, OPENAPI, document, resolved

METHODS = ("post", "get", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body, a frame or a query."""

    name: str
    type: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent or answered."""

    title: str
    text: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One operation."""

    anchor: str
    method: str
    path: str
    title: str
    text: str
    query: tuple[Field, ...]
    sent: Body | None
    answers: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Calls that belong together."""

    anchor: str
    title: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames of the socket in one direction."""

    title: str
    frames: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """All of it."""

    title: str
    chapters: tuple[Chapter, ...]
    socket: tuple[Frames, ...]
    close_codes: str
    shapes: tuple[Body, ...]


def outline(language: str) -> Outline:
    """The outline in ``zh`` or ``en``."""
    return _Writer(language).outline()


@dataclass(frozen=True, slots=True)
class _Writer:
    language: str

    def outline(self) -> Outline:
        calls, socket = document(OPENAPI), document(ASYNCAPI)
        hooks = [("webhook", method, one) for item in calls["webhooks"].values() for method, one in _operations(item)]
        told = [(path, method, one) for path, item in calls["paths"].items() for method, one in _operations(item)]
        chapters = tuple(
            Chapter(
                tag["name"],
                self._said(tag, "name"),
                tuple(self._call(*one) for one in told + hooks if tag["name"] in one[2]["tags"]),
            )
            for tag in calls["tags"]
        )
        directions = tuple(
            Frames(self._said(one, "summary"), tuple(self._frame(message) for message in one["messages"]))
            for one in socket["operations"].values()
        )
        shapes = tuple(Body(name, "", self._fields(schema)) for name, schema in calls["components"]["schemas"].items())
        closing = socket["info"]["description" if self.language == "en" else "x-zh-description"]
        return Outline(self._said(calls["info"], "title"), chapters, directions, closing, shapes)

    def _call(self, path: str, method: str, one: Mapping[str, Any]) -> Call:
        queries = tuple(
            Field(query["name"], _type(query["schema"]), query.get("required", False), self._said(query, "description"))
            for query in one.get("parameters", ())
        )
        sent = one.get("requestBody")
        return Call(
            one["operationId"],
            method.upper(),
            path,
            self._said(one, "summary"),
            one.get("x-zh-description", "") if self.language == "zh" else one.get("description", ""),
            queries,
            self._body("", sent) if sent else None,
            self._answers(one["responses"]),
        )

    def _answers(self, responses: Mapping[str, Any]) -> tuple[Body, ...]:
        """The answers; those that say the same stand together."""
        by_text: dict[tuple[str, tuple[Field, ...]], list[str]] = {}
        for status, answer in responses.items():
            body = self._body(status, answer)
            by_text.setdefault((body.text, body.fields), []).append(status)
        return tuple(Body(" · ".join(statuses), text, fields) for (text, fields), statuses in by_text.items())

    def _body(self, title: str, one: Mapping[str, Any]) -> Body:
        one = resolved(one, document(OPENAPI))
        kinds: Mapping[str, Any] = one.get("content", {})
        schema = kinds.get("application/json", {}).get("schema")
        name = schema["$ref"].rpartition("/")[2] if schema and "$ref" in schema else " · ".join(kinds)
        return Body(title or name, self._said(one, "description"), self._fields(schema) if schema else ())

    def _frame(self, reference: Mapping[str, Any]) -> Body:
        frame = resolved(reference, document(ASYNCAPI))
        title = frame["title"] if self.language == "en" else f"{frame['title']} {frame['x-zh']}"
        text = frame["summary"] if self.language == "en" else frame["x-zh-summary"]
        return Body(title, text, self._fields(frame["payload"]))

    def _fields(self, schema: Mapping[str, Any]) -> tuple[Field, ...]:
        whole = resolved(schema, document(OPENAPI))
        required = whole.get("required", ())
        return tuple(
            Field(name, _type(one), name in required, self._said(one, "description"))
            for name, one in whole.get("properties", {}).items()
        )

    def _said(self, one: Mapping[str, Any], key: str) -> str:
        said: str = one.get("x-zh" if self.language == "zh" else key, one.get(key, ""))
        return said


def _operations(item: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((method, item[method]) for method in METHODS if method in item)


def _type(schema: Mapping[str, Any]) -> str:
    """A type in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "enum" in schema:
        return " | ".join(f'"{one}"' for one in schema["enum"])
    kind = schema.get("type", "")
    if kind == "array":
        return f"[{_type(schema['items'])}]"
    return kind if isinstance(kind, str) else " | ".join(kind)
