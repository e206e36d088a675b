// Drafts: what is typed is kept on the server, reply and note apart; on this machine only until the server has it.

import { parkedOf } from "./sends.js";

const APART = 500;
const AGAIN = 2000;
const FRESH = 10_000; // A page that came while a save was under way may show less than is typed.
const KEPT = "desk.draft.";
const PAGE = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const known = new Map();
// By draft: texts that have left the composer and wait to be sent; when they are, there is nothing to take out again.
const gone = new Map();
let number = 0;
let open = "";
let leaving = false; // The next page may be on its way already and not know of the last save: this machine tells it.

const el = (id) => document.getElementById(id);
const name = (conversation, kind) => `${conversation}.${kind}`;
const key = (draft) => `${KEPT}${document.body.dataset.agent}.${name(draft.conversation, draft.kind)}`;

// Takes up the drafts of a conversation as its page brings them.
export function begin(conversation, stored) {
  open = conversation;
  for (const kind of ["reply", "note"]) {
    const draft = { conversation, kind, sends: stored[kind].sends, base: stored[kind].text, touched: 0 };
    gone.set(name(conversation, kind), parkedOf(conversation, kind));
    const before = known.get(name(conversation, kind));
    draft.text = merged(stored[kind], before && Date.now() - before.touched < FRESH ? before : local(draft));
    if (before) clearTimeout(before.timer);
    known.set(name(conversation, kind), draft);
    keep(draft);
    if (draft.text !== draft.base) later(draft, APART);
  }
  mark(conversation);
}

export const textOf = (kind) => known.get(name(open, kind))?.text ?? "";

export function typed(kind, text) {
  const draft = known.get(name(open, kind));
  if (!draft || draft.text === text) return;
  draft.text = text;
  draft.touched = Date.now();
  keep(draft);
  later(draft, APART);
  mark(open);
}

// What is about to be sent, by which its outcome is known again.
export function sending(kind, text) {
  return { conversation: open, kind, text, sends: known.get(name(open, kind)).sends };
}

// What was to be sent has left the composer and waits.
export function setAside(one) {
  gone.get(name(one.conversation, one.kind))?.push(one.text);
}

// Whether sends, the last of which was of this text, were of what had been set aside here.
function wasAside(draft, count, text) {
  const texts = gone.get(name(draft.conversation, draft.kind)) ?? [];
  const at = count === 1 ? texts.findIndex((one) => one.trim() === text.trim()) : texts.length < count ? -1 : 0;
  if (at >= 0) texts.splice(at, count);
  return at >= 0;
}

export function sent(one) {
  const draft = known.get(name(one.conversation, one.kind));
  if (!draft) return;
  if (draft.sends === one.sends) adopt(draft, { sends: one.sends + 1, sent: one.text, text: "" });
}

// What both know, and what only this machine knows: nothing is lost, and nothing comes back that was sent.
function merged(stored, own) {
  if (!own || own.text === stored.text) return stored.text;
  if (own.sends === stored.sends) {
    if (stored.text === own.base || own.text.includes(stored.text)) return own.text;
    return stored.text.includes(own.text) ? stored.text : `${stored.text}\n${own.text}`;
  }
  if (own.sends + 1 !== stored.sends) return stored.text;
  return [stored.text, without(own.text, stored.sent)].filter(Boolean).join("\n");
}

function without(text, gone) {
  const said = gone.trim();
  const rest = text.trimStart();
  if (!said) return text;
  if (rest.startsWith(said)) return rest.slice(said.length).trimStart();
  return said.startsWith(rest) ? "" : text;
}

// A send has come between: what it took leaves the draft, and what was typed since stays.
function adopt(draft, standing) {
  const next = standing.sends - draft.sends;
  const aside = wasAside(draft, next, standing.sent);
  draft.sends = standing.sends;
  draft.base = standing.text;
  if (next === 1 && !aside) {
    draft.text = without(draft.text, standing.sent);
    document.dispatchEvent(new CustomEvent("desk:draft", { detail: draft }));
  }
  keep(draft);
  mark(draft.conversation);
  if ((next < 2 || aside) && draft.text !== draft.base) later(draft, APART);
}

// On this machine ------------------------------------------------------------------------------------------------

function keep(draft) {
  try {
    if (draft.text === draft.base) localStorage.removeItem(key(draft));
    else localStorage.setItem(key(draft), JSON.stringify({ text: draft.text, base: draft.base, sends: draft.sends }));
  } catch {
    // A browser that keeps nothing still saves.
  }
}

function local(draft) {
  try {
    return JSON.parse(localStorage.getItem(key(draft)));
  } catch {
    return null;
  }
}

// On the server --------------------------------------------------------------------------------------------------

function later(draft, after) {
  draft.timer ??= setTimeout(save, after, draft);
}

async function save(draft, keepalive = false) {
  clearTimeout(draft.timer);
  draft.timer = undefined;
  if (draft.text === draft.base) return;
  if (draft.busy && !keepalive) return later(draft, APART);
  const { text, sends } = draft;
  draft.busy = true;
  try {
    heard(draft, await post(draft, keepalive), text, sends);
  } catch {
    draft.base = undefined; // It may have arrived.
    later(draft, AGAIN);
  } finally {
    draft.busy = false;
  }
}

async function post(draft, keepalive) {
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "HX-Request": "true" };
  number += 1;
  const body = new URLSearchParams({ as: draft.kind, text: draft.text, page: PAGE, number, sends: draft.sends });
  const signal = keepalive ? undefined : AbortSignal.timeout(10_000);
  const response = await fetch(`/desk/c/${draft.conversation}/draft`, { method: "POST", headers, body, keepalive, signal });
  if (response.status >= 500) throw new Error(String(response.status));
  return response.ok ? response.json() : null;
}

// Nothing is told of a conversation that is over, or closed to this person.
function heard(draft, standing, text, sends) {
  if (standing?.sends > draft.sends) adopt(draft, standing);
  else if (standing?.sends === sends) {
    draft.base = text;
    if (!leaving) keep(draft);
    if (draft.text !== text) later(draft, APART);
  }
}

export function flush() {
  for (const draft of known.values()) if (draft.text !== draft.base) save(draft, true);
}

// In sight -------------------------------------------------------------------------------------------------------

function mark(conversation) {
  const kept = (kind) => Boolean(known.get(name(conversation, kind))?.text.trim());
  const line = el(`card-${conversation}`)?.querySelector(".card-draft");
  if (line) line.hidden = !kept("reply") && !kept("note");
  for (const choice of document.querySelectorAll("#composer input[name=as]")) {
    choice.parentElement.toggleAttribute("data-kept", conversation === open && kept(choice.value));
  }
}

// A line that was drawn before the server had a draft shows what this page knows of it.
document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.target?.id !== "lists") return;
  for (const conversation of new Set([...known.values()].map((draft) => draft.conversation))) mark(conversation);
});

// What had been set aside was taken; unless a save has told so already, it is counted now.
document.addEventListener("desk:sent", (event) => {
  const { conversation, kind, text } = event.detail;
  const draft = known.get(name(conversation, kind));
  const waits = gone.get(name(conversation, kind))?.some((one) => one.trim() === text.trim());
  if (draft && waits) adopt(draft, { sends: draft.sends + 1, sent: text, text: "" });
});

addEventListener("pagehide", flush);
addEventListener("beforeunload", () => {
  leaving = true;
  setTimeout(() => {
    leaving = false; // Nothing came of it, as with a file that was saved.
  }, FRESH);
});
document.addEventListener("visibilitychange", () => document.hidden && flush());
document.addEventListener("focusout", (event) => event.target.id === "text" && flush());
document.addEventListener("click", (event) => event.target.closest("[data-open]") && flush(), true);
