// Counts the deadline badges down by the server's clock: grey, amber in the last 10 minutes, red in the last 3.

import { say, speak } from "./words.js";

const SOON = 10 * 60_000;
const NEAR = 3 * 60_000;
// By less than this the clocks drift apart without anybody seeing it before the next second.
const JUMP = 500;
let offset = Number(document.body.dataset.now) - Date.now();
const spoken = new Map();

// The server's time in ms; what the machine's own clock says does not matter.
export function setServerTime(now) {
  const stood = offset;
  offset = now - Date.now();
  if (Math.abs(offset - stood) > JUMP) draw();
}

// The server's time in ms, as far as this page knows.
export function serverTime() {
  return Date.now() + offset;
}

function two(number) {
  return String(number).padStart(2, "0");
}

function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function stage(left) {
  if (left < 0) return "over";
  if (left <= NEAR) return "near";
  return left <= SOON ? "soon" : "";
}

function draw(which = "[data-due]") {
  const now = Date.now() + offset;
  for (const badge of document.querySelectorAll(which)) {
    const left = Number(badge.dataset.due) - now;
    const text = left < 0 ? say("late", { time: clock(-left) }) : say("left", { time: clock(left) });
    if (badge.textContent !== text) badge.textContent = text;
    for (const name of ["soon", "near", "over"]) badge.classList.toggle(name, stage(left) === name);
    if (badge.closest("#head")) announce(badge.dataset.due, left);
  }
}

// Readers of the screen hear of the open conversation's limit at its thresholds only.
function announce(due, left) {
  const now = stage(left);
  if (spoken.get(due) === now) return;
  const first = !spoken.has(due);
  spoken.set(due, now);
  if (!now || (first && now === "soon")) return;
  speak(now === "over" ? say("due_over") : say("due_soon", { minutes: Math.ceil(left / 60_000) }));
}

setInterval(() => draw(), 1000);
document.addEventListener("htmx:after:swap", (event) => {
  draw(event.detail.ctx.target?.id === "thread" ? "#head [data-due]" : undefined);
});
document.addEventListener("visibilitychange", () => draw());
draw();
