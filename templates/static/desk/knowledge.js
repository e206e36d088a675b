// An entry of the knowledge goes into the composer at one click; it is sent by nobody but the agent.

import { insert, writeAs } from "./composer.js";

const field = () => document.getElementById("text");

document.addEventListener("click", (event) => {
  const button = event.target.closest(".know-insert");
  if (!button || !field()) return;
  writeAs(button.dataset.as ?? "reply");
  const box = field();
  const at = box.selectionStart;
  const gap = at > 0 && !/\s$/.test(box.value.slice(0, at)) ? "\n" : "";
  insert(`${gap}${button.dataset.text}`, at, box.selectionEnd);
  document.body.dataset.pane = "thread";
  if (button.dataset.entry) noteEntry(button.dataset.entry, button.dataset.lookup);
});

// An entry went into an answer: of a search on record, or of what is suggested (0).
export function noteEntry(entry, lookup) {
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "HX-Request": "true" };
  const body = new URLSearchParams({ entry, lookup });
  const { conversation } = document.getElementById("stage").dataset;
  fetch(`/desk/c/${conversation}/knowledge/used`, { method: "POST", headers, body }).catch(() => {}); // A figure only.
}
