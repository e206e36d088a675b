"""Addresses in a text: two parts or more of one after another, such as 朝阳区建国路88号3单元502室."""

import re

_HAN = "[\u4e00-\u9fff]"
_NAMED = "自治区|街道|大道|小区|花园|公寓|大厦|广场|社区|胡同|[省市区县镇乡路街巷弄村里苑城]"
_NUMBERED = "号楼|号院|单元|[号栋幢楼层室座门弄]"
_CHINESE = re.compile(
    rf"(?:{_HAN}{{1,7}}?(?:{_NAMED})|[0-9A-Za-z０-９一二三四五六七八九十]{{1,6}}(?:{_NUMBERED})(?:之[0-9]+)?[，,、\s]?)"
    rf"(?:{_HAN}{{1,7}}?(?:{_NAMED})|[0-9A-Za-z０-９一二三四五六七八九十-]{{1,8}}(?:{_NUMBERED})?){{1,9}}"
)
_ENGLISH = re.compile(
    r"\b\d{1,5}\s+(?:[A-Z][\w'-]*\s+){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard|Blvd)\b\.?"
)
_ENDS = re.compile(rf"(?:{_NAMED}|{_NUMBERED}|[0-9]){{1}}$")
_BEFORE = re.compile(r"^(?:我?(?:家|住)?(?:地址|住址)?(?:就)?(?:是|在|住在|位于)+|我家|地址|住址)")
_PARTS = re.compile(rf"{_NAMED}|{_NUMBERED}")
FEWEST = 2


def places(text: str) -> tuple[tuple[int, int], ...]:
    """Where addresses stand: from a character up to another, in order."""
    found = [match.span() for match in _ENGLISH.finditer(text)]
    for match in _CHINESE.finditer(text):
        start = match.start() + (lead.end() if (lead := _BEFORE.match(match[0])) else 0)
        said = text[start : match.end()]
        if len(_PARTS.findall(said)) >= FEWEST and _ENDS.search(said) and any(one.isdigit() for one in said):
            found.append((start, match.end()))
    return tuple(sorted(found))
