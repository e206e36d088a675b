// Keeps the page as it is in the house: for each hint of the stream, the tab fetches the parts that it shows.

import { serverTime, setServerTime } from "./badges.js";
import { alertsChanged, heard } from "./notices.js";
import { colleaguesDo, colleaguesRest } from "./colleagues.js";
import { editionIs } from "./edition.js";
import { offersChanged } from "./offers.js";
import { grown } from "./panes.js";
import { sendWaiting } from "./sends.js";
import { listen, loggedOut } from "./stream.js";
import { stopped, writing } from "./typing.js";
import { waitsChanged } from "./waits.js";

const AGAIN = 2000;
// How long a browser has to be told of the token under which a session goes on.
const RENEWED = 1500;
const LONGEST_REST = 1000;
const UNDER_WAY = ["queued", "sending", "in_doubt", "kept", "delivered"];
let acts = 0;

const el = (id) => document.getElementById(id);

// One fetch at a time for each part; a hint that comes meanwhile makes one more, after a rest of so many times what the
// last one took: a long list that changes all the time must not hold up the thread.
function part(fetchIt, rest = 0) {
  let running = false;
  let again = false;
  return async function refresh() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        const began = performance.now();
        await fetchIt();
        if (again && rest) await new Promise((go) => setTimeout(go, Math.min(LONGEST_REST, rest * (performance.now() - began))));
      } while (again);
    } catch {
      setTimeout(refresh, AGAIN);
    } finally {
      running = false;
    }
  };
}

async function get(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10_000) });
  if (response.status === 401) location.assign("/desk/login");
  if (response.status === 404) return "";
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

async function put(text, target, swap) {
  if (text && target?.isConnected) await htmx.swap({ text, sourceElement: target, target, swap });
}

const lists = part(async () => {
  if (!el("lists")) return;
  const open = el("stage")?.dataset.conversation ?? 0;
  const { tab, before } = el("lists").dataset;
  const text = await get(`/desk/lists?${new URLSearchParams({ tab, before, open })}`);
  if (el("lists").dataset.tab !== tab || el("lists").dataset.before !== before || (el("stage")?.dataset.conversation ?? 0) !== open) return lists();
  await put(text, el("lists"), "outerMorph");
}, 3);

const thread = part(async () => {
  const stage = el("stage");
  if (!stage?.dataset.conversation) return;
  const before = acts;
  const text = await get(`/desk/c/${stage.dataset.conversation}/live?${shown()}`);
  if (before !== acts || stage !== el("stage")) return thread();
  await put(text, el("thread"), "none");
});

const alerts = part(async () => {
  await put(await get("/desk/alerts"), el("bell-list"), "outerMorph");
  alertsChanged();
});

const offers = part(async () => {
  await put(await get("/desk/offers"), el("offers"), "outerMorph");
  offersChanged();
});

const seat = part(async () => put(await get("/desk/seat"), el("seat"), "outerMorph"));

const questions = part(async () => {
  if (!el("questions-dot")) return;
  const count = Number(await get("/desk/questions/count"));
  el("questions-dot").textContent = count;
  el("questions-dot").hidden = !count;
  const list = el("questions");
  if (!list || busy(list)) return;
  const text = await get(`/desk/questions/list?list=${list.dataset.list}`);
  if (!busy(list)) await put(text, list, "outerMorph");
});

// Whether somebody is at a list: writes, looks at a number, or has something open in it.
function busy(list) {
  const written = [...list.querySelectorAll("textarea, [name=reason]")].some((one) => one.value);
  return written || list.contains(document.activeElement) || list.querySelector("details[open], .number-shown") !== null;
}

const requests = part(async () => {
  if (!el("requests-dot")) return;
  const count = Number(await get("/desk/requests/count"));
  el("requests-dot").textContent = count;
  el("requests-dot").hidden = !count;
  const list = el("requests");
  if (!list || busy(list)) return;
  const text = await get(`/desk/requests/list?list=${list.dataset.list}`);
  if (!busy(list)) await put(text, list, "outerMorph");
});

// The tickets that want this person; the list is fetched anew while nobody is at it.
const tickets = part(async () => {
  const dot = el("tickets-dot");
  if (!dot) return;
  const count = Number(await get("/desk/tickets/count"));
  dot.textContent = count < 100 ? count : "99+";
  dot.hidden = !count;
  const list = el("tickets");
  if (!list || list.contains(document.activeElement) || list.querySelector(":checked")) return;
  await put(await get(`/desk/tickets/list?${list.dataset.query}`), list, "outerMorph");
});

// Limits are left alone while rows are picked.
const limits = part(async () => {
  const list = el("limits");
  if (!list || list.querySelector(":checked")) return;
  const text = await get(`/desk/deadlines/list?${list.dataset.query}`);
  if (!list.querySelector(":checked")) await put(text, list, "outerMorph");
});

const wall = part(async () => put(await get("/desk/wall/figures"), el("wall"), "outerMorph"));

setInterval(() => {
  if (el("wall") && !document.hidden) wall();
}, 3000);

// What has not arrived, for leaders the count in the rail; the list is left alone while somebody is at it.
const delivery = part(async () => {
  const dot = el("delivery-dot");
  if (dot) {
    const count = Number(await get("/desk/delivery/count"));
    dot.textContent = count < 100 ? count : "99+";
    dot.hidden = !count;
  }
  const list = el("delivery");
  if (!list || busy(list)) return;
  const text = await get(`/desk/delivery/list?${list.dataset.query}`);
  if (!busy(list)) await put(text, list, "outerMorph");
});

// What this tab shows of the thread: the newest message, and those that are still on their way.
function shown() {
  const messages = [...document.querySelectorAll("#thread > [data-seq]")];
  const after = Math.max(0, ...messages.map((one) => Number(one.dataset.seq)));
  const ways = [...document.querySelectorAll("#thread [data-way]")]
    .filter((one) => UNDER_WAY.includes(one.dataset.way))
    .map((one) => one.dataset.seq);
  const { tab } = el("lists").dataset;
  return new URLSearchParams({ after, ways: ways.slice(-50).join(","), tab });
}

function changed(hint) {
  el("offline").hidden = true;
  setServerTime(hint.now);
  sendWaiting();
  if (hint.edition) editionIs(hint.edition);
  if (hint.mine) waitsChanged(hint.mine);
  if (hint.lists) {
    offers();
    limits();
  }
  if (hint.lists || el("lists")?.dataset.tab === "bot") lists();
  if (hint.alerts) {
    alerts();
    delivery();
  }
  if (hint.questions) questions();
  if (hint.requests) requests();
  if (hint.tickets) tickets();
  if (hint.seat && el("seat")) seat();
  if (hint.contacts?.length && hint.contacts !== "all") stopped(hint.contacts);
  if (hint.typing) writing(hint.typing);
  if (hint.colleagues) colleaguesDo(hint.colleagues);
  const contact = Number(el("stage")?.dataset.contact);
  if (hint.contacts === "all" || hint.contacts?.includes(contact)) thread();
}

// What may be sent changes by itself when the platform's window closes.
setInterval(() => {
  const until = Number(el("allowance")?.dataset.until ?? 0);
  if (until && until < serverTime()) thread();
}, 5000);

// What the bot talks about is hinted at to nobody: whoever looks on asks for it.
setInterval(() => {
  if (el("head")?.dataset.mode === "bot" && !document.hidden) thread();
}, 3000);

// A whisper that was said leaves its field; one that was refused stays.
document.addEventListener("desk:done", (event) => {
  if (event.detail.what === "whisper" && el("whisper-text")) el("whisper-text").value = "";
});

// What the stream says -------------------------------------------------------------------------------------------

function take(kind, data) {
  if (kind === "changed") changed(data);
  else if (kind === "lost") el("offline").hidden = false;
  else if (kind === "late") changed({ now: serverTime(), lists: true, contacts: "all" });
  else if (kind === "bye") setTimeout(leave, RENEWED);
}

// Whoever has changed a password or a second factor goes on, in this tab and all others.
async function leave() {
  if (await loggedOut()) location.assign("/desk/login");
}

listen(take);

// Acts of our own ------------------------------------------------------------------------------------------------

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.request.method !== "POST" || !ctx.request.action.startsWith("/desk/c/")) return;
  for (const [name, value] of shown()) ctx.request.body.set(name, value);
});

for (const name of ["desk:done", "desk:refused"]) {
  document.addEventListener(name, (event) => {
    acts += 1;
    grown(event.detail.what === "say");
    lists();
  });
}

// What had waited in the browser has been written.
document.addEventListener("desk:sent", () => {
  thread();
  lists();
});

document.addEventListener("htmx:after:settle", (event) => {
  const { task, newContent } = event.detail;
  if (task.target?.id !== "thread") return;
  grown(false);
  colleaguesRest();
  if (task.fragment !== undefined && newContent.some((one) => one.classList?.contains("m-contact"))) {
    heard();
    document.dispatchEvent(new Event("desk:heard"));
  }
});

document.addEventListener("htmx:after:swap", (event) => {
  if (!event.detail.ctx.sourceElement?.matches?.("[data-open]")) return;
  lists();
  alerts();
});
