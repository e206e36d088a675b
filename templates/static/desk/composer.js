// The composer: Enter sends unless an input method is composing, drafts stay, a note cannot be taken for a reply.

import { begin, sending, sent as left, setAside as leave, textOf, typed } from "./drafts.js";
import { enclosed, gone, uploading } from "./enclosures.js";
import { toast } from "./notices.js";
import { preferences } from "./preferences.js";
import { park, waitsToSend } from "./sends.js";
import { say } from "./words.js";

// Modes in which the customer can be answered: as the owner, or as a colleague who was asked to help.
const OURS = ["mine", "guest"];
// Whether the field grows with its text by itself; to measure it costs two layouts of the page with each letter.
const GROWS = CSS.supports("field-sizing", "content");
let sent = null;

const form = () => document.getElementById("composer");
const field = () => document.getElementById("text");

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
  if (!field()) return;
  typed(form().dataset.as, field().value);
  fit();
}

function fit() {
  const box = field();
  if (!GROWS) {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }
  const limit = Number(form().dataset.limit);
  const tally = document.getElementById("tally");
  tally.textContent = box.value ? say("tally", { count: box.value.length, limit }) : "";
  tally.classList.toggle("full", box.value.length >= limit);
  form().toggleAttribute("data-full", full());
  if (!box.value) document.getElementById("checked").hidden = true;
}

// Whether there is anything to send or to keep.
function full() {
  return Boolean(field().value.trim() || document.getElementById("enclosures").children.length);
}

function sendable() {
  if (form().dataset.mode === "closed") return false;
  return Boolean(field().value.trim() || (form().dataset.as === "reply" && enclosed()));
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
  turn(composer.dataset.as, note.checked ? "note" : "reply", reply.disabled);
  const enclose = document.getElementById("enclose");
  if (enclose) enclose.disabled = note.checked;
  field().placeholder = field().dataset[composer.dataset.as];
}

// Reply and note are drafts apart. What can be sent no longer stays in sight, as a note; a note never becomes a reply.
function turn(from, to, forced) {
  const box = field();
  form().dataset.as = to;
  if (from === to) return;
  if (from === "reply" && forced && !textOf("note")) return changed();
  box.value = textOf(to);
  fit();
}

function opened() {
  const composer = form();
  if (!composer || composer.dataset.opened) return;
  composer.dataset.opened = "yes";
  const box = field();
  const refused = "refused" in composer.dataset ? box.value : "";
  begin(document.getElementById("stage").dataset.conversation, JSON.parse(composer.dataset.drafts));
  composer.dataset.as = "";
  show();
  if (refused) box.value = refused;
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
    else goOut(event, reply);
  }
});

// Sends at once, unless something of the same conversation still waits to be sent.
function goOut(event, reply) {
  sent = { ...sending(form().dataset.as, field().value), files: reply ? enclosed() : "", answered: false };
  if (!waitsToSend(sent.conversation)) return;
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
  leave({ conversation, kind: sent.kind, text: sent.text });
  renew([...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  takeOut();
}

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement.id !== "composer" || sent === null) return;
  if (!sent.answered && (ctx.response?.status ?? 503) >= 500) setAside(ctx.request);
  sent = null;
});

// Only what was set aside leaves the composer.
function takeOut() {
  if (sent.conversation !== document.getElementById("stage").dataset.conversation) return;
  const box = field();
  if (box.value.startsWith(sent.text)) box.value = box.value.slice(sent.text.length).trimStart();
  gone(sent.files);
  changed();
}

// Every answer to an act brings the id of the next one; only what was sent leaves the composer.
document.addEventListener("desk:done", (event) => {
  renew(event.detail.act);
  if (sent !== null) sent.answered = true;
  if (event.detail.what !== "say" || sent === null) return;
  left(sent);
  if (sent.conversation === document.getElementById("stage").dataset.conversation) gone(sent.files);
});

document.addEventListener("desk:draft", (event) => {
  const { conversation, kind, text } = event.detail;
  if (conversation !== document.getElementById("stage")?.dataset.conversation || kind !== form()?.dataset.as) return;
  if (field().value !== text) field().value = text;
  fit();
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
