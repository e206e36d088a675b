// What asks for attention on the page: toasts, and alerts that become one.

import { ring } from "./sound.js";
import { notify } from "./system.js";
import { say, speak } from "./words.js";

const SHOWN_FOR = 6000;
const SEEN = `desk.alerts.${document.body.dataset.agent}`;
// What is said of a chat that is theirs no longer, once they are back at the lists.
const PARTING = "desk.parting";
// By dialog: the acts whose answer closes it; that of a reply may come when one is open already.
const SHEETS = { close: ["close"], transfer: ["transfer", "invite"], snooze: ["snooze"] };
// By kind of alert: what sounds. All others sound alike.
const SOUNDS = { assigned: "assigned", warned: "deadline", breached: "deadline" };

export function toast(text, kind, href) {
  const item = document.createElement("div");
  item.className = `toast ${kind}`;
  const inside = href ? document.createElement("a") : document.createElement("span");
  if (href) inside.href = href;
  inside.textContent = text;
  item.append(inside);
  document.getElementById("toasts").append(item);
  fade(item);
}

function fade(item) {
  item.dataset.fading = "yes";
  setTimeout(() => item.remove(), SHOWN_FOR);
}

export function failed() {
  toast(say("failed"), "bad");
}

function newestShown() {
  return Number(sessionStorage.getItem(SEEN) ?? -1);
}

// Alerts that came since the last look become toasts; those that stood there before the page do not.
export function alertsChanged() {
  const list = document.getElementById("bell-list");
  const count = Number(list.dataset.count);
  const dot = document.getElementById("bell-dot");
  dot.textContent = count;
  dot.hidden = count === 0;
  const known = newestShown();
  const fresh = [...list.querySelectorAll("[data-alert]")].filter((item) => Number(item.dataset.alert) > known);
  sessionStorage.setItem(SEEN, Math.max(known, Number(list.dataset.newest)));
  if (known < 0 || !fresh.length) return;
  for (const item of fresh.slice(0, 3).reverse()) raise(item);
  const sounds = fresh.map((item) => SOUNDS[item.dataset.kind] ?? "other");
  ring(sounds.includes("deadline") ? "deadline" : sounds[0]);
}

function raise(item) {
  const { kind, alert } = item.dataset;
  const title = item.querySelector("strong").textContent;
  const href = item.querySelector("a").getAttribute("href");
  toast(title, kind === "breached" ? "bad" : kind === "warned" ? "warned" : "", href);
  const about = /^\/desk\/c\/(\d+)$/.exec(href)?.[1] ?? `alert-${alert}`;
  notify({ about, title, href, told: () => ({ title, body: item.querySelector("span").textContent }) });
}

export function heard() {
  speak(say("arrived"));
}

document.addEventListener("htmx:after:swap", () => {
  for (const item of document.querySelectorAll("#toasts [data-toast]:not([data-fading])")) fade(item);
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (ctx?.request?.method === "POST" && ctx.sourceElement?.id !== "composer") failed();
});

for (const name of ["desk:done", "desk:refused"]) {
  document.addEventListener(name, (event) => {
    for (const [id, acts] of Object.entries(SHEETS)) {
      const sheet = document.getElementById(id);
      if (acts.includes(event.detail.what) && sheet?.matches(":popover-open")) sheet.hidePopover();
    }
    if (!event.detail.gone) return;
    sessionStorage.setItem(PARTING, JSON.stringify([event.detail.gone, name === "desk:done" ? "good" : "bad"]));
    location.assign("/desk");
  });
}

alertsChanged();
const parting = sessionStorage.getItem(PARTING);
sessionStorage.removeItem(PARTING);
if (parting) toast(...JSON.parse(parting));
