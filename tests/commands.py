"""Commands in tests: they run within the test's own process, so its log may stand before what they print."""

import json
from typing import Any

from typer.testing import Result


def document(result: Result) -> Any:
    """The JSON document that a command has printed, which is the last line."""
    return json.loads(result.stdout.splitlines()[-1])
