// Keeps the page as it is in the house: for each hint of the stream, the tab fetches the parts that it shows.

import { serverTime, setServerTime } from "./badges.js";
import { colleaguesDo } from "./colleagues.js";
import { editionIs } from "./edition.js";
import { alertsChanged } from "./notices.js";
import { offersChanged } from "./offers.js";
import { grown } from "./panes.js";
import { askWhetherOut, get, part, put } from "./parts.js";
import { sendWaiting } from "./sends.js";
import { listen } from "./stream.js";
import { acted, concerns, said, threadWholly } from "./thread.js";
import { stopped, writing } from "./typing.js";
import { waitsChanged } from "./waits.js";

const el = (id) => document.getElementById(id);

// How long after an act of our own a list is read anew, whatever a hint says of it.
const OWN = 2000;
// The board that a hint spoke of: a list that was read then is new enough.
let board = "";
let ownUntil = 0;

// A list is told which lines the page shows, and sends the others.
const lists = part(async () => {
  if (!el("lists")) return;
  const open = el("stage")?.dataset.conversation ?? 0;
  const { tab, before } = el("lists").dataset;
  const known = [...(el("cards")?.children ?? [])].map((line) => line.dataset.print).filter(Boolean).join(".");
  const text = await get(`/desk/lists?${new URLSearchParams({ tab, before, open, known, board })}`);
  if (el("lists").dataset.tab !== tab || el("lists").dataset.before !== before || (el("stage")?.dataset.conversation ?? 0) !== open) return lists(true);
  await put(text, el("lists"), "none");
}, 3);

// The same with what this tab has just done in it.
function listsAnew() {
  board = "";
  ownUntil = performance.now() + OWN;
  lists(true);
}

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

function changed(hint) {
  el("offline").hidden = true;
  setServerTime(hint.now);
  sendWaiting();
  if (hint.edition) editionIs(hint.edition);
  if (hint.mine) waitsChanged(hint.mine);
  if (hint.offers) offers();
  if (hint.lists) {
    board = hint.lists === true || performance.now() < ownUntil ? "" : hint.lists;
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
  if (concerns(hint.contacts)) threadWholly();
}

// A whisper that was said leaves its field; one that was refused stays.
document.addEventListener("desk:done", (event) => {
  if (event.detail.what === "whisper" && el("whisper-text")) el("whisper-text").value = "";
});

// What the stream says -------------------------------------------------------------------------------------------

function take(kind, data) {
  if (kind === "changed") changed(data);
  else if (kind === "said") said(data);
  else if (kind === "lost") el("offline").hidden = false;
  else if (kind === "late") changed({ now: serverTime(), lists: true, offers: true, contacts: "all" });
  else if (kind === "bye") askWhetherOut();
}

listen(take);

// Acts of our own ------------------------------------------------------------------------------------------------

for (const name of ["desk:done", "desk:refused"]) {
  document.addEventListener(name, (event) => {
    acted();
    grown(event.detail.what === "say");
    listsAnew();
  });
}

// What had waited in the browser has been written.
document.addEventListener("desk:sent", () => {
  threadWholly();
  listsAnew();
});

document.addEventListener("htmx:after:swap", (event) => {
  if (!event.detail.ctx.sourceElement?.matches?.("[data-open]")) return;
  listsAnew();
  alerts();
});
