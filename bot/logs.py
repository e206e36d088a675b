"""Log lines go to standard error: for a person at a terminal as text, else one JSON object each.

An exception is logged by its type and its frames, never by its message: messages of drivers and parsers quote the
data that they failed over, and customers' words do not belong into logs.
"""

import logging
import sys
import traceback
from types import TracebackType

import structlog
from structlog.typing import EventDict, WrappedLogger

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(level: int = logging.INFO) -> None:
    """Set up the log of this process, from a level on; standard output stays free for what a command prints."""
    at_terminal = sys.stderr.isatty()
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if at_terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            bare_exception,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(BareFormatter("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def bare_exception(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Put an exception's types and frames in the place of the exception."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = bare(error)
    return event


def bare(error: BaseException) -> str:
    """The frames of an exception and the types of its chain, the latest first, without any message."""
    lines = []
    seen: BaseException | None = error
    while seen is not None:
        code = getattr(seen, "sqlstate", None)
        lines.append(type(seen).__name__ + (f" [{code}]" if code else ""))
        lines += [f"  {one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(seen.__traceback__)]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines)


class BareFormatter(logging.Formatter):
    """Formats the log lines of libraries, exceptions without their messages."""

    def formatException(self, ei: ExcInfo) -> str:
        """An exception as ``bare`` writes it."""
        return bare(ei[1]) if ei[1] is not None else ""
