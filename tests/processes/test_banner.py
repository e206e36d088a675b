"""What stands in the terminal once everything runs."""

import pytest
from rich.console import Console

from bot.demo.basics import LogIn
from bot.people.rights import Role
from bot.processes.banner import banner
from bot.processes.up import Ready

pytestmark = pytest.mark.pure


def test_people_of_every_role_are_shown_with_their_log_in_and_password() -> None:
    logins = tuple(LogIn(f"login-{role}", f"secret-{role}", "王芳", role.value) for role in Role)
    ready = Ready("http://127.0.0.1:8080", "http://127.0.0.1:8080/chat/demo", "http://127.0.0.1:8080/desk", logins)
    console = Console(width=160)
    with console.capture() as printed:
        console.print(banner(ready))
    for one in logins:
        assert one.login in printed.get()
        assert one.password in printed.get()
