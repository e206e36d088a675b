"""A flood at the desk: many messages a second in the chat that an agent has open and types in, beside a long list."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

from playwright.async_api import Page as Tab
from playwright.async_api import expect

from channels.door import Address
from router.events import Noted
from tests.browser.office import Office

WATCH = """
window.seen = [];
window.long = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) if (task.duration > 200) window.long += 1;
}).observe({ entryTypes: ["longtask"] });
document.addEventListener("DOMContentLoaded", () => {
  const told = new Set();
  new MutationObserver((changes) => {
    const added = changes.flatMap((change) => [...change.addedNodes]).map((node) => node.textContent).join(" ");
    for (const [, number, sent] of added.matchAll(/flood-(\\d+)-(\\d+)-end/g)) {
      if (told.has(number)) continue;
      told.add(number);
      window.seen.push(Date.now() - Number(sent));
    }
  }).observe(document.body, { childList: true, subtree: true });
});
"""
"""Notes, for each message of the flood, how long it took from the writer to the page, in ms."""
SEEN = """() => {
  const { scrollHeight, scrollTop, clientHeight } = document.getElementById("scroll");
  return [window.seen, window.long, scrollHeight - scrollTop - clientHeight];
}"""
PATIENCE = 60_000
"""Milliseconds that a sentence may take to be typed."""
TYPED = "您好，正在为您核实账单明细，请稍等片刻。"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the agent's page went through."""

    sent: int
    delays_ms: tuple[float, ...]
    long_tasks: int
    """Pieces of work of the page over 200 ms."""
    typed: str
    """What stands in the composer at the end; ``TYPED`` over and over, if nothing was lost."""
    wanted: str
    behind: float
    """Pixels between the end of what is in sight of the thread and its end: nobody had scrolled up."""
    requests: Mapping[str, int]
    """How often the page asked for each of its parts."""
    spent: Counter[str]
    """CPU seconds, by whose."""


async def flood(
    office: Office,
    *,
    seconds: float,
    per_second: float,
    rows: int,
    stirred: float = 0.0,
    spent: Callable[[], Counter[str]] = Counter,
) -> Seen:
    """Let it come.

    Args:
        office: an empty desk.
        seconds: for how long.
        per_second: messages in the open chat.
        rows: chats in the list that wait beside it.
        stirred: messages each second of those who wait, so that lines of the list change all the time.
        spent: counts CPU seconds, by whose.
    """
    for number in range(rows):
        await office.desk.queued(f"w:{number}", name=f"客户{number}")
    context = await office.window()
    await context.add_init_script(WATCH)
    person = await office.desk.hire("wangfang")
    one = await office.desk.queued(name="刘伟")
    await office.desk.give(one, person.id)
    tab = await office.log_in(person, context)
    await tab.goto(office.url(f"/desk/c/{one}?tab=waiting"))
    await expect(tab.locator("#text")).to_be_focused()
    contact = await office.desk.contact(one)
    requests: Counter[str] = Counter()
    tab.on("request", lambda request: requests.update([re.sub(r"\d+", "N", urlsplit(request.url).path)]))
    before = spent()
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(_send(office, contact, person.id, seconds, per_second))
        stirring = tasks.create_task(_stir(office, rows, stirred))
        wanted = await _type(tab, sending)
        sent = await sending
        stirring.cancel()
    used = spent() - before
    await expect(tab.locator("#messages, [role=log]").first).to_contain_text(f"flood-{sent - 1}-")
    delays, long_tasks, behind = await tab.evaluate(SEEN)
    return Seen(sent, tuple(delays), long_tasks, await tab.input_value("#text"), wanted, behind, dict(requests), used)


async def _send(office: Office, contact: int, agent: int, seconds: float, per_second: float) -> int:
    began, numbers = time.monotonic(), count()
    while True:
        number = next(numbers)
        due = began + number / per_second
        if due > began + seconds:
            return number
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await office.desk.stage.act(contact, Noted(agent, f"flood-{number}-{int(time.time() * 1000)}-end"))


async def _stir(office: Office, rows: int, per_second: float) -> None:
    """Let those who wait say something, one after the other, until this is cancelled."""
    began = time.monotonic()
    for number in count() if per_second else ():
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
        await office.desk.stage.say(f"还在吗 {number}", Address("web", "demo", f"w:{number % rows}"))


async def _type(tab: Tab, sending: "asyncio.Task[int]") -> str:
    """Type until the flood is over; what was typed."""
    typed = ""
    while not sending.done() and len(typed) < 1_500:
        await tab.locator("#text").press_sequentially(TYPED, delay=30, timeout=PATIENCE)
        typed += TYPED
    return typed
