// The customer's pane as wide as the person wants it, or away; the browser keeps it, because screens differ.

import { say } from "./words.js";

const KEPT = `desk.context.${document.body.dataset.agent}`;
const LEAST = 240;
const MOST = 560;
const STEP = 16;
let chosen = read();
let dragged = false;

const el = (id) => document.getElementById(id);

function read() {
  try {
    const { width, away } = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return { width: Number.isFinite(width) ? width : 0, away: away === true };
  } catch {
    return { width: 0, away: false };
  }
}

function choose(change) {
  chosen = { ...chosen, ...change };
  chosen.width = chosen.width && Math.round(Math.min(Math.max(chosen.width, LEAST), MOST));
  show();
  try {
    localStorage.setItem(KEPT, JSON.stringify(chosen));
  } catch {
    // It holds until the page is left.
  }
}

const width = () => Math.round(document.querySelector(".context")?.getBoundingClientRect().width ?? 0);

function show() {
  if (chosen.width) document.body.style.setProperty("--context-width", `${chosen.width}px`);
  else document.body.style.removeProperty("--context-width");
  document.body.toggleAttribute("data-context-away", chosen.away);
  const button = el("context-toggle");
  if (!button) return;
  button.setAttribute("aria-expanded", String(!chosen.away));
  const splitter = el("splitter");
  splitter.setAttribute("aria-valuemin", LEAST);
  splitter.setAttribute("aria-valuemax", MOST);
  splitter.setAttribute("aria-valuenow", width());
  splitter.setAttribute("aria-valuetext", say("splitter_width", { width: width() }));
}

document.addEventListener("pointerdown", (event) => {
  if (event.target.id !== "splitter") return;
  dragged = true;
  event.target.setPointerCapture(event.pointerId);
  event.preventDefault();
  event.target.focus();
});

document.addEventListener("pointermove", (event) => {
  if (dragged) choose({ width: document.querySelector(".context").getBoundingClientRect().right - event.clientX });
});

for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, () => (dragged = false));

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "splitter") return;
  const to = { ArrowLeft: width() + STEP, ArrowRight: width() - STEP, Home: LEAST, End: MOST, Enter: 0 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  choose({ width: to });
});

document.addEventListener("dblclick", (event) => {
  if (event.target.id === "splitter") choose({ width: 0 });
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#context-toggle")) choose({ away: !chosen.away });
});

window.addEventListener("resize", show);
// A head that was replaced knows nothing of it, and a new stage less; to measure after every swap would cost a layout.
document.addEventListener("htmx:after:swap", () => {
  el("context-toggle")?.setAttribute("aria-expanded", String(!chosen.away));
  if (!el("splitter")?.hasAttribute("aria-valuetext")) show();
});
show();
