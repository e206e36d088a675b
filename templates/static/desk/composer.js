// The composer: Enter sends unless an input method is composing, drafts stay, a note cannot be taken for a reply.

import { enclosed, gone, uploading } from "./enclosures.js";
import { toast } from "./notices.js";
import { preferences } from "./preferences.js";
import { park, waitsToSend } from "./sends.js";
import { say } from "./words.js";

const KEPT = "desk.draft.";
// Modes in which the customer can be answered: as the owner, or as a colleague who was asked to help.
const OURS = ["mine", "guest"];
let sent = null;

const form = () => document.getElementById("composer");
const field = () => document.getElementById("text");
const draftKey = () => `${KEPT}${document.body.dataset.agent}.${document.getElementById("stage").dataset.conversation}`;

export function writeAs(kind) {
  const choice = form()?.querySelector(`input[name=as][value=${kind}]`);
  if (!choice || choice.disabled) return;
  choice.checked = true;
  show();
  field().focus();
}

// Puts text into the composer as if it were typed.
export function insert(text, from, to) {
  const box = field();
  box.setRangeText(text, from, to, "end");
  box.focus();
  changed();
}

export function changed() {
  const box = field();
  if (!box) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
  const limit = Number(form().dataset.limit);
  const tally = document.getElementById("tally");
  tally.textContent = box.value ? say("tally", { count: box.value.length, limit }) : "";
  tally.classList.toggle("full", box.value.length >= limit);
  keep(box.value);
  form().toggleAttribute("data-full", full());
}

// Whether there is anything to send or to keep.
function full() {
  return Boolean(field().value.trim() || document.getElementById("enclosures").children.length);
}

function sendable() {
  if (form().dataset.mode === "closed") return false;
  return Boolean(field().value.trim() || (form().dataset.as === "reply" && enclosed()));
}

function keep(text) {
  try {
    if (text) localStorage.setItem(draftKey(), text);
    else localStorage.removeItem(draftKey());
  } catch {
    // A browser that keeps nothing still sends.
  }
}

function kept() {
  try {
    return localStorage.getItem(draftKey()) ?? "";
  } catch {
    return "";
  }
}

// Follows the head, which the server replaces: what can be written now?
function show() {
  const composer = form();
  if (!composer) return;
  const mode = document.getElementById("head").dataset.mode;
  const before = composer.dataset.mode;
  composer.dataset.mode = mode;
  const [reply, note] = composer.querySelectorAll("input[name=as]");
  reply.disabled = !OURS.includes(mode);
  if (reply.disabled) note.checked = true;
  else if (!OURS.includes(before)) reply.checked = true;
  composer.dataset.as = note.checked ? "note" : "reply";
  const enclose = document.getElementById("enclose");
  if (enclose) enclose.disabled = note.checked;
  field().placeholder = field().dataset[composer.dataset.as];
}

function opened() {
  const composer = form();
  if (!composer || composer.dataset.opened) return;
  composer.dataset.opened = "yes";
  const box = field();
  if (!box.value) box.value = kept();
  show();
  changed();
  if (matchMedia("(min-width: 720px)").matches) box.focus();
}

function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "text" || event.key !== "Enter" || event.defaultPrevented) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.shiftKey || composing(event) || (preferences.send_by === "ctrl" && !command)) return;
  event.preventDefault();
  if (!event.altKey && sendable() && sent === null) form().requestSubmit();
});

document.addEventListener("input", (event) => {
  if (event.target.id === "text") changed();
});

document.addEventListener("desk:enclosed", changed);

document.addEventListener("change", (event) => {
  if (event.target.name === "as") show();
});

document.addEventListener("htmx:config:request", (event) => {
  if (event.detail.ctx.sourceElement.id === "composer") {
    const reply = form().dataset.as === "reply";
    if (reply && uploading()) {
      event.preventDefault();
      toast(say("uploading"), "warned");
    } else if (!sendable()) event.preventDefault();
    else begin(event, reply);
  }
});

// Sends at once, unless something of the same conversation still waits to be sent.
function begin(event, reply) {
  sent = { text: field().value, files: reply ? enclosed() : "", of: draftKey(), kind: reply ? "reply" : "note", answered: false };
  if (!waitsToSend(document.getElementById("stage").dataset.conversation)) return;
  event.preventDefault();
  setAside(event.detail.ctx.request);
  sent = null;
}

// What went out without an answer waits and goes out again under the same act id.
function setAside(request) {
  const body = new URLSearchParams([...request.body]);
  body.delete("csrf");
  const conversation = /\/c\/(\d+)\//.exec(request.action)[1];
  park({ conversation, act: body.get("act"), body: body.toString(), text: sent.text, kind: sent.kind });
  renew([...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  takeOut();
}

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement.id !== "composer" || sent === null) return;
  if (!sent.answered && (ctx.response?.status ?? 503) >= 500) setAside(ctx.request);
  sent = null;
});

// Only what was sent leaves the composer.
function takeOut() {
  if (sent === null || sent.of !== draftKey()) return;
  const box = field();
  if (box.value.startsWith(sent.text)) box.value = box.value.slice(sent.text.length).trimStart();
  gone(sent.files);
  changed();
}

// Every answer to an act brings the id of the next one.
document.addEventListener("desk:done", (event) => {
  renew(event.detail.act);
  if (sent !== null) sent.answered = true;
  if (event.detail.what === "say") takeOut();
});

document.addEventListener("desk:refused", (event) => {
  renew(event.detail.act);
  if (sent !== null) sent.answered = true;
});

// What was refused stands before what has been written since.
document.addEventListener("desk:restored", (event) => {
  insert(field().value ? `${event.detail.text}\n` : event.detail.text, 0, 0);
});

function renew(act) {
  for (const hidden of document.querySelectorAll("#stage input[name=act]")) hidden.value = act;
}

document.addEventListener("htmx:after:swap", () => {
  opened();
  show();
});
opened();
