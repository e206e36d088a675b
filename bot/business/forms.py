"""The guided business that comes with the house, read from the router's folder."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import router
from router.dialogue import plain
from router.forms.form import Form
from router.forms.table import parse

FOLDER = Path(router.__file__).parent / "forms"


@cache
def shipped_forms() -> Mapping[str, Form]:
    """All forms by id, in the order of their titles. Raises: StandardError where one does not hold."""
    found = [parse(file.stem, file.read_text(encoding="utf-8")) for file in sorted(FOLDER.glob("*.toml"))]
    return MappingProxyType({form.id: form for form in found})


@cache
def shipped_phrases() -> Mapping[str, str]:
    """The form that a whole message begins, by the message as it is compared."""
    return MappingProxyType({plain(said): form.id for form in shipped_forms().values() for said in form.phrases})
