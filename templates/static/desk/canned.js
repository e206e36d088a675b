// Canned replies: / ／ or 、 at the start of a line opens the list, typing filters it, Enter puts one in.

import { insert } from "./composer.js";

const OPENERS = "/／、";
let from = -1;
let byButton = false;

const list = () => document.getElementById("canned");
const field = () => document.getElementById("text");
const options = () => [...list().querySelectorAll("[role=option]:not([hidden])")];

export function cannedOpen() {
  return from >= 0;
}

function start() {
  const box = field();
  const line = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  return OPENERS.includes(box.value[line] || " ") && box.selectionStart > line ? line : -1;
}

function follow() {
  if (!list() || document.getElementById("composer").dataset.mode !== "mine") return;
  const at = start();
  if (at < 0 && !byButton) return shut();
  from = at < 0 ? field().selectionStart : at;
  filter(at < 0 ? "" : field().value.slice(at + 1, field().selectionStart));
}

function filter(typed) {
  const wanted = typed.trim().toLowerCase();
  for (const option of list().querySelectorAll("[role=option]")) {
    option.hidden = !option.dataset.find.includes(wanted);
  }
  list().querySelector(".canned-none").hidden = options().length > 0;
  list().hidden = false;
  mark(options()[0]);
}

function mark(option) {
  for (const other of list().querySelectorAll("[aria-selected]")) other.removeAttribute("aria-selected");
  if (!option) return;
  option.setAttribute("aria-selected", "true");
  field().setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function marked() {
  return list().querySelector("[aria-selected]");
}

function shut() {
  from = -1;
  byButton = false;
  if (!list()) return;
  list().hidden = true;
  field().removeAttribute("aria-activedescendant");
}

function choose(option) {
  const at = from;
  const typed = !byButton || OPENERS.includes(field().value[at] || " ");
  const to = field().selectionStart;
  shut();
  insert(option.dataset.text, typed ? at : to, to);
}

document.addEventListener("input", (event) => {
  if (event.target.id === "text") follow();
});

document.addEventListener(
  "keydown",
  (event) => {
    if (event.target.id !== "text" || !cannedOpen() || event.isComposing || event.keyCode === 229) return;
    const shown = options();
    const at = shown.indexOf(marked());
    if (event.key === "Escape") shut();
    else if (event.key === "ArrowDown") mark(shown[(at + 1) % shown.length]);
    else if (event.key === "ArrowUp") mark(shown[(at + shown.length - 1) % shown.length]);
    else if ((event.key === "Enter" || event.key === "Tab") && marked()) choose(marked());
    else return;
    event.preventDefault();
  },
  true,
);

document.addEventListener("click", (event) => {
  const option = event.target.closest("#canned [role=option]");
  if (option) return choose(option);
  if (event.target.closest("#open-canned")) {
    if (cannedOpen()) return shut();
    byButton = true;
    field().focus();
    return follow();
  }
  if (cannedOpen() && !event.target.closest("#canned")) shut();
});
