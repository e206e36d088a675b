"""The languages that our customers' words are written in, and which of them a tag means."""

_TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")
_PRIMARY = ("zh", "en")


def known_language(tag: str) -> str:
    """The folder of words for a language tag (BCP 47) such as ``en-GB`` or ``zh-Hant-HK``; empty for another."""
    lower = tag.strip().lower()
    if lower.startswith(_TRADITIONAL):
        return "zh-TW"
    primary = lower.partition("-")[0]
    return primary if primary in _PRIMARY else ""
