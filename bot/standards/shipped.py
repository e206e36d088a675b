"""What comes with Huiying: the house's standard and the packs beside it."""

from collections.abc import Mapping
from importlib.resources import files


def shipped_standard_text() -> str:
    """The TOML of the house's standard."""
    return files("router").joinpath("standard.toml").read_text(encoding="utf-8")


def shipped_packs() -> Mapping[str, str]:
    """The TOML of each pack, by its name."""
    found = files("router").joinpath("packs").iterdir()
    texts = {file.name.removesuffix(".toml"): file for file in found if file.name.endswith(".toml")}
    return {name: texts[name].read_text(encoding="utf-8") for name in sorted(texts)}
