"""What the customers of a measurement ask: questions that recur, and questions that nobody has asked before."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

from bot.db import Pool
from bot.demo.basics import KNOWLEDGE
from bot.knowledge.sets import padded
from router.faq.index import Index
from router.faq.match import Entry, Verdict

OPENINGS = (
    "", "请问", "你好，", "您好，请问", "麻烦问一下，", "咨询一下，",
    "想问下", "我想问一下", "问一下", "那个，", "嗨，", "客服你好，",
)  # fmt: skip
ENDINGS = ("", "？", "呢", "啊", "，谢谢", "，急", "，在线等", "？谢谢", "，麻烦了", "，多谢", "呀", "，请告诉我")
TRIED = (("请问", "，谢谢"), ("客服你好，", "，在线等"), ("我想问一下", "，请告诉我"))
"""Openings and endings with which a question has to be answered before it is taken."""
RECURRING = 100


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions that the knowledge base answers."""

    recurring: tuple[tuple[str, str], ...]
    """With their right answers."""
    firm: tuple[str, ...]
    """Questions that are answered whatever polite words stand around them."""

    def any(self, chance: Random) -> str:
        """A question that recurs."""
        return chance.choice(self.recurring)[0]

    def new(self, chance: Random) -> Iterator[str]:
        """Questions, each unlike all before; there are over a hundred thousand."""
        said = [*product(OPENINGS, self.firm, ENDINGS)]
        chance.shuffle(said)
        return map("".join, said)


async def choose(pool: Pool) -> Questions:
    """Questions for the knowledge base as it is."""
    return Questions(_recurring(await _published(pool)), ())


async def prepare(pool: Pool, entries: int) -> Questions:
    """Fill the knowledge base up with generated entries, publish it, and choose questions that it answers."""
    real = await _published(pool)
    known = padded(real, entries)
    for one in known[len(real) :]:
        await pool.execute(
            KNOWLEDGE["put"], one.id, "", one.question, list(one.similar), f"{one.question}。", False, ""
        )
    await pool.fetchval(KNOWLEDGE["publish"], "knowledge")
    return Questions(_recurring(real), await asyncio.to_thread(_firm, known, real))


async def _published(pool: Pool) -> tuple[Entry, ...]:
    rows = await pool.fetch(KNOWLEDGE["published"])
    return tuple(Entry(row["id"], row["question"], tuple(row["variants"]), row["answer"]) for row in rows)


def _recurring(entries: tuple[Entry, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((one.question, one.answer) for one in entries[:RECURRING])


def _firm(known: tuple[Entry, ...], real: tuple[Entry, ...]) -> tuple[str, ...]:
    index = Index.build(known)
    texts = dict.fromkeys(text for entry in real for text in (entry.question, *entry.similar))
    return tuple(text for text in texts if _is_firm(index, text))


def _is_firm(index: Index, text: str) -> bool:
    matches = index.match_many([f"{opening}{text}{ending}" for opening, ending in TRIED])
    return all(match.verdict is Verdict.ANSWER for match in matches)
