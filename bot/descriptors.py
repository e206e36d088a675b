"""How many sockets and files this process may hold open."""

import resource


def raise_limit() -> int:
    """Allow as many as the system lets us without asking anyone; returns how many that are."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most
