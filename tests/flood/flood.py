"""A flood at the desk: many messages a second in the chat that an agent has open and types in, beside a long list."""

import asyncio
import time
from dataclasses import dataclass
from itertools import count

from playwright.async_api import Page as Tab
from playwright.async_api import expect

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
  new MutationObserver(() => {
    for (const [, number, sent] of document.body.textContent.matchAll(/flood-(\\d+)-(\\d+)-end/g)) {
      if (told.has(number)) continue;
      told.add(number);
      window.seen.push(Date.now() - Number(sent));
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
});
"""
"""Notes, for each message of the flood, how long it took from the writer to the page, in ms."""
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


async def flood(office: Office, *, seconds: float, per_second: float, rows: int) -> Seen:
    """Let it come.

    Args:
        office: an empty desk.
        seconds: for how long.
        per_second: messages in the open chat.
        rows: chats in the list that wait beside it.
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
    sending = asyncio.create_task(_send(office, contact, person.id, seconds, per_second))
    wanted = await _type(tab, sending)
    sent = await sending
    await expect(tab.locator("#messages, [role=log]").first).to_contain_text(f"flood-{sent - 1}-")
    delays, long_tasks = await tab.evaluate("[window.seen, window.long]")
    return Seen(sent, tuple(delays), long_tasks, await tab.input_value("#text"), wanted)


async def _send(office: Office, contact: int, agent: int, seconds: float, per_second: float) -> int:
    began, numbers = time.monotonic(), count()
    while True:
        number = next(numbers)
        due = began + number / per_second
        if due > began + seconds:
            return number
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await office.desk.stage.act(contact, Noted(agent, f"flood-{number}-{int(time.time() * 1000)}-end"))


async def _type(tab: Tab, sending: "asyncio.Task[int]") -> str:
    """Type until the flood is over; what was typed."""
    typed = ""
    while not sending.done() and len(typed) < 1_500:
        await tab.locator("#text").press_sequentially(TYPED, delay=30)
        typed += TYPED
    return typed
