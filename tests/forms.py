"""Reads the forms of a page as a browser would, and fills them in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

TEXTUAL = frozenset({"text", "search", "tel", "url", "email", "password", "textarea", ""})


@dataclass
class Form:
    """A form of a page."""

    action: str
    fixed: dict[str, str] = field(default_factory=dict)
    """What is sent without anybody's doing: hidden fields, chosen radios, first options."""
    texts: dict[str, int] = field(default_factory=dict)
    """Fields that somebody writes in, and how many characters they take."""


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.loose: dict[str, Form] = {}
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("hx-post") or given.get("action") or self.page
            self._open = Form(action) if given.get("method", "").lower() == "post" or "hx-post" in given else None
            if self._open is not None:
                self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "textarea", "select", "option", "button"):
            self._field(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag == "form":
            self._open = None

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "textarea" if tag == "textarea" else "")
        if tag == "select":
            self._select = name
        elif tag == "option":
            if self._select and ("selected" in given or self._select not in form.fixed):
                form.fixed[self._select] = given.get("value", "")
        elif not name or tag == "button":
            return
        elif kind in TEXTUAL:
            form.texts[name] = int(given.get("maxlength") or 2_000)
        elif kind not in ("radio", "checkbox", "file") or "checked" in given or name not in form.fixed:
            form.fixed[name] = given.get("value", "on")


def forms_of(page: str, html: str) -> Iterator[Form]:
    """The forms of a page that send something.

    Args:
        page: its own address, where a form without one goes.
        html: the page.
    """
    reader = _Reader(page)
    reader.feed(html)
    yield from (form for form in reader.forms if form.texts)
