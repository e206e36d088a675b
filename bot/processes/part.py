"""A part below its supervisor, started without what other commands need: ``python -m bot.processes.part web 4711``."""

import sys

from bot import logs, loop
from bot.app import serve_web, serve_worker
from bot.jobs import serve_files, serve_jobs
from bot.processes.connected import connected
from bot.processes.follow import follow
from bot.settings import read


def main(name: str, supervisor: int) -> None:
    """Run a part until it is told to stop, or until its supervisor ends.

    Args:
        name: ``web``, ``worker``, ``jobs`` or ``files``, which jobs start beside themselves.
        supervisor: the process that started us.
    """
    logs.configure()
    follow(supervisor)
    settings = connected(read())
    match name:
        case "web":
            loop.run(serve_web(settings))
        case "worker":
            loop.run(serve_worker(settings))
        case "jobs":
            serve_jobs(settings)
        case "files":
            serve_files(settings)
        case _:
            sys.exit(f"there is no part {name}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
