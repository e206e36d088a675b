// Keys that work everywhere. They go by the place of the key, because Alt with a letter types signs on some machines.
// A button says by itself which key is its own: data-key="KeyT" is Alt with T.

import { writeAs } from "./composer.js";
import { openPalette } from "./palette.js";
import { preferences } from "./preferences.js";

let after = null;

const links = () => [...document.querySelectorAll("#lists [data-open]")];

function step(by) {
  const all = links();
  const at = all.findIndex((link) => link.hasAttribute("aria-current"));
  const next = all[at < 0 ? 0 : at + by];
  if (next) {
    next.click();
    next.scrollIntoView({ block: "nearest" });
  }
}

function take() {
  const button = document.querySelector("#head form[action$='/take'] button, #head form[action$='/accept'] button");
  if (button) return button.click();
  document.querySelector("#lists [data-tab=waiting]")?.click();
}

// Closes the conversation; once that is done, the next one opens by itself.
function closeAndNext() {
  const button = document.getElementById("close-button");
  if (!button) return;
  const all = links();
  const at = all.findIndex((link) => link.hasAttribute("aria-current"));
  after = (all[at + 1] ?? all[at - 1])?.dataset.open ?? null;
  button.click();
}

document.addEventListener("desk:done", (event) => {
  if (event.detail.what !== "close" || after === null) return;
  document.querySelector(`#lists [data-open="${after}"]`)?.click();
  after = null;
});

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id === "close" && event.newState === "closed") setTimeout(() => (after = null));
  },
  true,
);

const KEYS = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyP: () => writeAs("note"),
  KeyL: () => writeAs("reply"),
  KeyA: take,
  KeyG: () => document.getElementById("new-ticket")?.click(),
};

function own(code) {
  return [...document.querySelectorAll(`[data-key="${code}"]`)].find((one) => !one.disabled && one.checkVisibility());
}

function tab(code) {
  const place = /^Digit([1-9])$/.exec(code);
  return place && document.querySelectorAll("#lists .tabs a")[place[1] - 1];
}

// Alt with a key; whether there is anything that it does here.
function alt(code) {
  const button = own(code) ?? tab(code);
  if (!KEYS[code] && !button) return false;
  if (button) button.click();
  else KEYS[code]();
  return true;
}

function typing(target) {
  return target.matches?.("input, textarea, select, [contenteditable]");
}

function handled(event) {
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.altKey && !event.shiftKey && event.code === "KeyK") openPalette();
  else if (command && event.altKey && event.code === "KeyE") closeAndNext();
  else if (event.altKey && !command && !event.shiftKey) return alt(event.code);
  else if (event.key === "?" && preferences.single_keys && !typing(event.target)) {
    document.getElementById("help").togglePopover();
  } else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const modal = document.querySelector("dialog[open]");
  if (event.isComposing || event.keyCode === 229 || (modal && modal.id !== "palette")) return;
  if (handled(event)) event.preventDefault();
});
