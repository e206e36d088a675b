// Colleagues who have the same conversation open, and whether they write at this moment: so that two do not answer at once.

import { say } from "./words.js";

const EVERY = 10_000;
const LASTS = 32_000;
const WRITES = 6000;
const APART = 3000;
// By "conversation:agent": {name, looks, writes}, times in ms of this machine.
const known = new Map();
let wrote = 0;

const stage = () => document.getElementById("stage");
const open = () => Number(stage()?.dataset.conversation ?? 0);

function note(conversation, agent, fields) {
  const key = `${conversation}:${agent}`;
  known.set(key, { ...known.get(key), ...fields, looks: Date.now() });
}

async function here(writes) {
  const conversation = open();
  if (!conversation || document.visibilityState === "hidden" || !document.querySelector("[data-serves]")) return;
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "HX-Request": "true" };
  const body = new URLSearchParams(writes ? { writes: "yes" } : {});
  const response = await fetch(`/desk/c/${conversation}/here`, { method: "POST", headers, body });
  if (!response.ok) return;
  for (const { id, name } of (await response.json()).colleagues) note(conversation, id, { name });
  draw();
}

const look = () => here(false).catch(() => {});

// The server's hints: [["looks" or "writes", conversation, agent]]. Whose name is not known yet is asked for.
export function colleaguesDo(hints) {
  for (const [word, conversation, agent] of hints) {
    if (conversation !== open()) continue;
    note(conversation, agent, word === "writes" ? { writes: Date.now() } : {});
    if (!known.get(`${conversation}:${agent}`).name) look();
  }
  draw();
  setTimeout(draw, WRITES + 50);
}

// Words that have come were what somebody wrote.
export function colleaguesRest() {
  for (const one of known.values()) delete one.writes;
  draw();
}

function draw() {
  const line = document.getElementById("company");
  if (!line) return;
  const now = Date.now();
  const there = [...known].filter(([key, one]) => key.startsWith(`${open()}:`) && one.name && now - one.looks < LASTS);
  const names = (which) => which.map(([, one]) => one.name).join(say("colleagues_between"));
  const writing = there.filter(([, one]) => now - (one.writes ?? 0) < WRITES);
  const text = writing.length ? say("colleagues_write", { names: names(writing) }) : there.length ? say("colleagues_look", { names: names(there) }) : "";
  if (line.textContent !== text) line.textContent = text;
  line.classList.toggle("writing", writing.length > 0);
  line.hidden = !text;
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "text" || !event.target.value.trim() || Date.now() - wrote < APART) return;
  wrote = Date.now();
  here(true).catch(() => {});
});

document.addEventListener("visibilitychange", look);
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id === "stage" || event.detail.ctx.sourceElement?.matches?.("[data-open]")) look();
});

setInterval(() => {
  look();
  draw();
}, EVERY);
look();
