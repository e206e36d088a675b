// Answers that could not be sent wait in the browser, through reloads too, and go out again in their order under the act
// ids that they have, so that one whose answer was lost is not written twice. What is refused goes back to its writer.

import { grown } from "./panes.js";
import { say, speak } from "./words.js";

const KEPT = `desk.sends.${document.body.dataset.agent}`;
const AGAIN = 4000;
const PATIENCE = 15_000;
let memory = [];
let running = false;
let timer = 0;

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return memory;
  }
}

function write(entries) {
  memory = entries;
  try {
    if (entries.length) localStorage.setItem(KEPT, JSON.stringify(entries));
    else localStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing still has it until the page is left.
  }
  draw();
}

// Whether something waits that has to go out first.
export function waitsToSend(conversation) {
  return read().some((entry) => entry.conversation === conversation);
}

// The texts that wait, in their order.
export function parkedOf(conversation, kind) {
  return read().filter((entry) => entry.conversation === conversation && entry.kind === kind).map((entry) => entry.text);
}

// An answer that is to go out as soon as it can.
export function park({ conversation, act, body, text, kind }) {
  write([...read().filter((entry) => entry.act !== act), { conversation, act, body, text, kind }]);
  speak(say("parked"));
  clearTimeout(timer);
  timer = setTimeout(sendWaiting, AGAIN);
}

// The first of each conversation may go; what is refused holds back what was written after it.
function next(entries) {
  const first = entries.filter((entry, at) => !entries.slice(0, at).some((one) => one.conversation === entry.conversation));
  return first.find((entry) => !entry.refused);
}

async function reason(response) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("[data-toast] span")?.textContent.trim() || say("parked_refused");
}

// Whether the server has said what becomes of it.
async function deliver(entry) {
  const body = new URLSearchParams(entry.body);
  body.set("csrf", document.body.dataset.csrf);
  const headers = { "HX-Request": "true", "X-CSRF-Token": document.body.dataset.csrf };
  const url = `/desk/c/${entry.conversation}/say`;
  const response = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) });
  if (response.status >= 500 || response.status === 403 || response.status === 429) return false;
  const rest = read().filter((one) => one.act !== entry.act);
  if (response.ok) {
    write(rest);
    document.dispatchEvent(new CustomEvent("desk:sent", { detail: entry }));
  } else {
    const refused = await reason(response);
    write(read().map((one) => (one.act === entry.act ? { ...one, refused } : one)));
  }
  return true;
}

async function work() {
  for (let entry = next(read()); entry; entry = next(read())) {
    if (!(await deliver(entry))) return;
  }
}

// Sends what waits, in one tab at a time; what cannot go yet is tried again.
export async function sendWaiting() {
  if (running || !next(read())) return;
  running = true;
  clearTimeout(timer);
  try {
    if (navigator.locks) await navigator.locks.request("huiying-desk-sends", work);
    else await work();
  } catch {
    // The server is not there; the next try is set below.
  } finally {
    running = false;
    if (next(read())) timer = setTimeout(sendWaiting, AGAIN);
  }
}

function button(text, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = text;
  made.addEventListener("click", run);
  return made;
}

function drop(entry) {
  write(read().filter((one) => one.act !== entry.act));
  sendWaiting();
}

function restore(entry) {
  document.dispatchEvent(new CustomEvent("desk:restored", { detail: entry }));
  drop(entry);
}

function line(entry) {
  const item = document.createElement("li");
  item.className = `parked-line${entry.refused ? " refused" : ""}`;
  const text = document.createElement("p");
  text.className = "text";
  text.textContent = entry.text || say("parked_files");
  const state = document.createElement("p");
  state.className = "parked-state";
  state.textContent = entry.refused ?? say(entry.kind === "note" ? "parked_note" : "parked_waits");
  item.append(text, state);
  if (entry.refused) state.append(button(say("parked_restore"), () => restore(entry)), button(say("parked_drop"), () => drop(entry)));
  return item;
}

function draw() {
  const place = document.getElementById("parked");
  if (!place) return;
  const open = document.getElementById("stage").dataset.conversation;
  const entries = read().filter((entry) => entry.conversation === open);
  place.replaceChildren(...entries.map(line));
  if (entries.length) grown(true);
}

window.addEventListener("storage", (event) => {
  if (event.key === KEPT) draw();
});
window.addEventListener("online", sendWaiting);
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id === "stage") draw();
});
draw();
sendWaiting();
