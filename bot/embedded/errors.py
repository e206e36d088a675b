"""What can keep our own servers from running; each message says what to do about it."""


class EmbeddedError(Exception):
    """Our own servers cannot run.

    EmbeddedError
    ├── BinariesMissing     no PostgreSQL or Redis on this machine that we can use
    ├── DataFolderInUse     another supervisor works in the data folder
    ├── FolderUnreachable   the account that the servers run as cannot reach the data folder
    └── ServerFailed        a server ended before it was ready, or never became ready
    """


class BinariesMissing(EmbeddedError):
    """No PostgreSQL or Redis on this machine that we can use."""


class DataFolderInUse(EmbeddedError):
    """Another supervisor works in the data folder."""


class FolderUnreachable(EmbeddedError):
    """The account that the servers run as cannot reach the data folder, or nobody can write there."""


class ServerFailed(EmbeddedError):
    """A server ended before it was ready, or never became ready."""
