"""The square that a telephone reads a secret from, as a picture within the page."""

import segno

from bot.login.totp import address

MODULE = 5
"""CSS pixels of a small square."""


def square(secret: bytes, login: str, issuer: str) -> str:
    """An address of the picture, dark on light in every theme: cameras want it so."""
    made = segno.make_qr(address(secret, login, issuer), error="m")
    return str(made.svg_data_uri(scale=MODULE, border=3, dark="#0c2a21", light="#ffffff"))
