// The thread that is open follows what is said in it: new messages come at once and by themselves, what stands around
// them more seldom while they come fast.

import { serverTime } from "./badges.js";
import { colleaguesRest } from "./colleagues.js";
import { take } from "./messages.js";
import { heard } from "./notices.js";
import { grown } from "./panes.js";
import { LONGEST_REST, get, part, put } from "./parts.js";
import { stopped } from "./typing.js";

// How many times as long as it took to fetch all around a thread is waited before that is done again.
const WHOLE_REST = 20;
const UNDER_WAY = ["queued", "sending", "in_doubt", "kept", "delivered"];
let acts = 0;
let whole = false;
let wholeFrom = 0;
let later = 0;

const el = (id) => document.getElementById(id);

const thread = part(async () => {
  const stage = el("stage");
  if (!stage?.dataset.conversation) return;
  const early = wholeFrom - performance.now();
  const all = whole && early <= 0;
  if (whole && !all) later ||= setTimeout(afterRest, early);
  const [before, began] = [acts, performance.now()];
  if (all) whole = false;
  try {
    const text = await get(`/desk/c/${stage.dataset.conversation}/${all ? "live" : "said"}?${shown()}`);
    if (before !== acts || stage !== el("stage")) return wholly();
    const messages = all ? null : take(el("thread"), text);
    if (messages?.length) come(messages);
    if (!messages) await put(text, el("thread"), "none");
  } catch (error) {
    whole ||= all;
    throw error;
  }
  if (all) wholeFrom = performance.now() + Math.min(LONGEST_REST, WHOLE_REST * (performance.now() - began));
});

function afterRest() {
  later = 0;
  thread();
}

function wholly() {
  whole = true;
  return thread();
}

// All that stands around the messages as well. Of words in a chat of one's own a hint comes by itself, so nothing is asked
// for while all around them rests.
export function threadWholly() {
  const early = wholeFrom - performance.now();
  if (early <= 0 || el("head")?.dataset.mode !== "mine") return wholly();
  whole = true;
  later ||= setTimeout(afterRest, early);
}

// An answer to an act of our own has brought what there is; what was asked for before it is stale.
export function acted() {
  acts += 1;
}

// Words have come, or have got further.
export function said(hint) {
  stopped(hint.contacts);
  if (concerns(hint.contacts)) thread();
}

// Whether a hint names the contact whose thread this tab shows.
export function concerns(contacts) {
  return contacts === "all" || Boolean(contacts?.includes(Number(el("stage")?.dataset.contact)));
}

// What this tab shows of the thread: the newest message, and those that are still on their way.
function shown() {
  const after = el("thread")?.lastElementChild?.dataset.seq ?? 0;
  const ways = [...document.querySelectorAll("#thread [data-way]")]
    .filter((one) => UNDER_WAY.includes(one.dataset.way))
    .map((one) => one.dataset.seq);
  const tab = el("lists")?.dataset.tab ?? "";
  return new URLSearchParams({ after, ways: ways.slice(-50).join(","), tab });
}

// What may be sent changes by itself when the platform's window closes.
setInterval(() => {
  const until = Number(el("allowance")?.dataset.until ?? 0);
  if (until && until < serverTime()) threadWholly();
}, 5000);

// What the bot talks about is hinted at to nobody: whoever looks on asks for it.
setInterval(() => {
  if (el("head")?.dataset.mode === "bot" && !document.hidden) threadWholly();
}, 3000);

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.request.method !== "POST" || !ctx.request.action.startsWith("/desk/c/")) return;
  for (const [name, value] of shown()) ctx.request.body.set(name, value);
});

document.addEventListener("htmx:after:settle", (event) => {
  const { task, newContent } = event.detail;
  if (task.target?.id === "thread") come(task.fragment === undefined ? [] : newContent);
});

// Messages have come into the thread.
function come(messages) {
  grown(false);
  colleaguesRest();
  if (!messages.some((one) => one.classList?.contains("m-contact"))) return;
  heard();
  document.dispatchEvent(new Event("desk:heard"));
}
