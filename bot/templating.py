"""Templates of pages are read in one way everywhere, and each is compiled once in a process."""

from types import CodeType

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from bot.words import TEMPLATES


class Compiled(BytecodeCache):
    """What has been compiled, by the template's file and the digest of what stands in it."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled before, if that was the same text."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has just been compiled."""
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


def templates(folder: str = "") -> Environment:
    """Reads the templates of a folder below ``templates``; every value is a string in its page, never markup.

    Raises:
        jinja2.UndefinedError: at rendering, where a template names a value that it was not given.
    """
    return Environment(
        loader=FileSystemLoader(TEMPLATES / folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=COMPILED,
    )
