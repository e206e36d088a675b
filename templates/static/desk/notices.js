// What asks for attention: toasts, a sound after the first click, the count in the title.

import { say, speak } from "./words.js";

const SHOWN_FOR = 6000;
const SEEN = `desk.alerts.${document.body.dataset.agent}`;
const TITLE = document.title;
let sound = null;

export function toast(text, kind, href) {
  const item = document.createElement("li");
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

// Two short tones; browsers allow them once the page has been clicked.
export function ring(high) {
  if (!sound || sound.state !== "running") return;
  [0, 0.16].forEach((delay, step) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const at = sound.currentTime + delay;
    tone.frequency.value = (high ? 740 : 520) + step * 180;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.14);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.15);
  });
}

document.addEventListener("pointerdown", () => {
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume();
});

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
  for (const item of fresh.slice(0, 3).reverse()) {
    const bad = item.dataset.kind === "breached" ? "bad" : item.dataset.kind === "warned" ? "warned" : "";
    toast(item.querySelector("strong").textContent, bad, item.querySelector("a").getAttribute("href"));
  }
  ring(fresh.some((item) => item.dataset.kind !== "assigned"));
}

export function counted() {
  const waiting = Number(document.getElementById("lists")?.dataset.unanswered ?? 0);
  document.title = waiting ? say("title", { count: waiting }) + TITLE : TITLE;
}

export function heard() {
  speak(say("arrived"));
}

document.addEventListener("htmx:after:swap", () => {
  for (const item of document.querySelectorAll("#toasts [data-toast]:not([data-fading])")) fade(item);
  counted();
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.request?.method === "POST") failed();
});

for (const name of ["desk:done", "desk:refused"]) {
  document.addEventListener(name, (event) => {
    for (const id of ["close", "transfer"]) {
      const sheet = document.getElementById(id);
      if (sheet?.matches(":popover-open")) sheet.hidePopover();
    }
    if (event.detail.gone) location.assign("/desk");
  });
}

alertsChanged();
counted();
