// Keys that work everywhere. They go by the place of the key, because Alt with a letter types signs on some machines.

import { writeAs } from "./composer.js";

function step(by) {
  const links = [...document.querySelectorAll("#lists [data-open]")];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[at < 0 ? 0 : at + by];
  if (next) {
    next.click();
    next.scrollIntoView({ block: "nearest" });
  }
}

function take() {
  const button = document.querySelector("#head form[action$='/take'] button");
  if (button) return button.click();
  document.querySelector("#lists [data-tab=waiting]")?.click();
}

const KEYS = {
  KeyJ: () => step(1),
  KeyK: () => step(-1),
  KeyE: () => document.getElementById("close-button")?.click(),
  KeyP: () => writeAs("note"),
  KeyL: () => writeAs("reply"),
  KeyA: take,
  KeyT: () => document.getElementById("transfer-button")?.click(),
};

function typing(target) {
  return target.matches("input, textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.altKey && !event.ctrlKey && !event.metaKey && KEYS[event.code]) {
    event.preventDefault();
    KEYS[event.code]();
  } else if (event.key === "?" && !typing(event.target)) {
    event.preventDefault();
    document.getElementById("help").togglePopover();
  }
});
