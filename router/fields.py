"""Fields of a ticket, filled in from what was said in a chat by rules (clause assist.ai); a person looks them over."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from router.forms.form import veiled
from router.wording.personal import WIDE, Personal, spots
from router.wording.places import places

BUSINESS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "broadband": (
            "宽带",
            "光猫",
            "路由器",
            "断网",
            "网速",
            "wifi",
            "装机",
            "移机",
            "iptv",
            "机顶盒",
            "broadband",
            "router",
        ),
        "billing": (
            "话费",
            "账单",
            "扣费",
            "余额",
            "欠费",
            "充值",
            "乱扣",
            "多扣",
            "缴费",
            "bill",
            "charged",
            "balance",
        ),
        "package": ("套餐", "流量包", "改套餐", "降档", "合约", "携号", "资费", "plan", "package", "contract"),
        "signal": (
            "信号",
            "没信号",
            "打不出",
            "接不通",
            "掉线",
            "上不了网",
            "无服务",
            "5g",
            "4g",
            "signal",
            "coverage",
        ),
        "card": ("补卡", "换卡", "挂失", "sim", "puk", "销户", "实名", "过户", "停机", "复机"),
        "invoice": ("发票", "invoice", "receipt"),
        "roaming": ("漫游", "国际", "境外", "出国", "roaming", "abroad"),
    }
)
"""Words by the business that they speak of."""
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)")
_ACCOUNT = re.compile(r"(?:宽带账号|宽带号|账号|户号|订单号|工单号)\s*(?:是|为|：|:)?\s*([A-Za-z0-9]{5,24})")
_DAYS = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨晚": -1,
    "今天": 0,
    "今早": 0,
    "今晚": 0,
    "刚才": 0,
    "明天": 1,
    "后天": 2,
}
_DAY = re.compile("|".join(_DAYS))
_DATE = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_HOUR = re.compile(r"(凌晨|早上|上午|中午|下午|傍晚|晚上|晚)?\s*(\d{1,2})\s*(?:[:：点时])\s*(\d{1,2}|半)?\s*分?")
_LATER = frozenset({"下午", "傍晚", "晚上", "晚"})
MASK = "*"
"""Stands for what is masked; no number has it."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What a chat tells of a ticket; what it does not tell is empty."""

    business: str = ""
    """A key of ``BUSINESS``."""
    number: str = ""
    """The telephone number or account that it is about, digits without blanks."""
    day: date | None = None
    """When it happened, or is to happen, in the operator's zone."""
    time: str = ""
    """HH:MM."""
    place: str = ""


def fields_of(said: Sequence[str], today: date) -> Fields:
    """Read the fields of a ticket out of a chat; of each the last that was said counts, for people correct themselves.

    Args:
        said: what the customer said, in order.
        today: the day in the operator's zone.
    """
    plain = [text.translate(WIDE) for text in said]
    return Fields(
        business=_business(plain),
        number=_last(plain, _number),
        day=next((day for text in reversed(plain) if (day := _day(text, today))), None),
        time=_last(plain, _time),
        place=_last(plain, _place),
    )


def _business(said: Sequence[str]) -> str:
    """The business of which most is said; of equals the one named first."""
    whole = "\n".join(said).lower()
    counts = {name: sum(whole.count(word) for word in words_) for name, words_ in BUSINESS.items()}
    best = max(counts.values())
    named = [name for name, count in counts.items() if count == best > 0]
    return min(named, key=lambda name: _first(whole, BUSINESS[name])) if named else ""


def _first(text: str, sought: Sequence[str]) -> int:
    return min((at for word in sought if (at := text.find(word)) >= 0), default=len(text))


def _last(said: Sequence[str], read: Callable[[str], str]) -> str:
    return next((found for text in reversed(said) if (found := read(text))), "")


def meant(shown: str, said: Sequence[str]) -> str:
    """The number that somebody gave back as it was shown to them: masked, it is the last one said that looks so.

    A number that is not masked is meant as it stands, and so is a masked one that nobody has said.
    """
    told = [number for text in said for number in _numbers(text.translate(WIDE))]
    return next((number for number in reversed(told) if MASK in shown and veiled(number) == shown), shown)


def _number(text: str) -> str:
    return next(reversed(_numbers(text)), "")


def _numbers(text: str) -> list[str]:
    """All numbers of a text, those that are surer last: accounts by their names, landlines, mobile numbers."""
    accounts = [found[1] for found in _ACCOUNT.finditer(text)]
    lines = [re.sub(r"\D", "", found[0]) for found in _LANDLINE.finditer(text)]
    phones = [text[spot.start : spot.end] for spot in spots(text) if spot.kind is Personal.PHONE]
    return [*accounts, *lines, *(re.sub(r"\D", "", phone)[-11:] for phone in phones)]


def _day(text: str, today: date) -> date | None:
    if found := _DAY.search(text):
        return today + timedelta(days=_DAYS[found[0]])
    if found := _DATE.search(text):
        try:
            return date(int(found[1] or today.year), int(found[2]), int(found[3]))
        except ValueError:
            return None
    return None


def _time(text: str) -> str:
    found = _HOUR.search(text)
    if found is None:
        return ""
    hour, minute = int(found[2]), 30 if found[3] == "半" else int(found[3] or 0)
    if found[1] in _LATER and hour < 12:
        hour += 12
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


def _place(text: str) -> str:
    return next((text[start:end].strip(" ，,、") for start, end in places(text)), "")
