"""Logs carry no words of customers, also not through the messages of exceptions."""

import logging
import sys

import pytest

from bot.logs import BareFormatter, bare, bare_exception

pytestmark = pytest.mark.pure

SECRET = "我的身份证是110101199003074578"


def _failed() -> BaseException:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise RuntimeError(SECRET) from error
    except RuntimeError as error:
        return error


def test_an_exception_is_logged_by_type_and_frame_without_its_message() -> None:
    text = bare(_failed())
    assert SECRET not in text
    assert text.index("RuntimeError") < text.index("ValueError")
    assert "test_logs.py" in text


def test_a_log_line_takes_the_exception_at_hand() -> None:
    try:
        raise KeyError(SECRET)
    except KeyError:
        event = bare_exception(None, "error", {"event": "writer.batch_failed", "exc_info": True})
    assert event["exception"].startswith("KeyError")
    assert SECRET not in str(event)


def test_libraries_log_as_bare_as_we_do() -> None:
    error = _failed()
    record = logging.LogRecord("aiohttp.server", logging.ERROR, __file__, 1, "Error handling request", (), None)
    record.exc_info = (type(error), error, error.__traceback__)
    assert SECRET not in BareFormatter("%(message)s").format(record)
    assert sys.exc_info() == (None, None, None)
