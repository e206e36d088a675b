// What may go on where the agent has come to, offered under the composer: Tab or a click takes it, typing on ignores it.

import { noteCanned } from "./canned.js";
import { insert } from "./composer.js";
import { noteEntry } from "./knowledge.js";
import { preferences } from "./preferences.js";
import { say, speak } from "./words.js";

const PAUSE = 250;
let later = 0;
let asking = null;

const field = () => document.getElementById("text");
const strip = () => document.getElementById("typed");
const first = () => strip()?.querySelector("button");

function quiet() {
  clearTimeout(later);
  asking?.abort();
  asking = null;
  strip()?.replaceChildren();
}

// Only at the end of a reply that this agent may send, and never beside another list.
function wanted(box) {
  const { mode, as } = document.getElementById("composer").dataset;
  const busy = document.querySelector(".composer [role=listbox]:not([hidden])");
  const answers = ["mine", "guest"].includes(mode) && as === "reply";
  return preferences.suggest && answers && !busy && box.selectionStart === box.value.length && box.value.trim();
}

function follow() {
  quiet();
  later = setTimeout(ask, PAUSE);
}

async function ask() {
  const box = field();
  if (!box || !wanted(box)) return;
  asking = new AbortController();
  const { signal } = asking;
  const typed = box.value;
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "HX-Request": "true" };
  const body = new URLSearchParams({ text: typed.slice(-200) });
  const path = `/desk/c/${document.getElementById("stage").dataset.conversation}/assist/typed`;
  const found = await fetch(path, { method: "POST", headers, body, signal })
    .then((response) => (response.ok ? response.text() : ""))
    .catch(() => ""); // Typed on, even while the answer came, or away: nothing is offered.
  if (signal.aborted || field() !== box || box.value !== typed) return;
  strip().innerHTML = found.trim();
  if (first()) speak(say("typed", { text: first().dataset.text }));
}

function take(button) {
  const box = field();
  const { text, replaces, canned, entry } = button.dataset;
  const at = box.selectionStart;
  quiet();
  insert(text, at - Number(replaces), at);
  if (canned) noteCanned(canned);
  if (entry) noteEntry(entry, "0");
}

// While an input method composes, nothing is offered; what it has put in comes with the end of the composition.
document.addEventListener("compositionstart", quiet);
document.addEventListener("compositionend", (event) => event.target.id === "text" && follow());
document.addEventListener("input", (event) => {
  if (event.target.id === "text" && !event.isComposing) follow();
});
document.addEventListener("desk:preferred", quiet);
document.addEventListener("submit", quiet);

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "text" || !first() || event.defaultPrevented) return;
  if (event.isComposing || event.keyCode === 229 || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Tab") take(first());
  else if (event.key === "Escape") quiet();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("#typed button");
  if (button) take(button);
});
