// Swaps of our own: messages that go into a thread in their order and once each, and lists of which the server sends only
// the lines that the page does not show yet.

import { intoThread } from "./messages.js";

let morph;

// Lines that the page shows already, from one on, so many as stand in the same order.
function run(line, stood) {
  const from = stood.findIndex((one) => one.id === line.id);
  return from < 0 ? [] : stood.slice(from, from + Number(line.dataset.same));
}

// A line that has changed stays the element that it was, so that what is pressed or focused in it stays so.
function standing(known, line) {
  if (!known) return line;
  const changed = document.createDocumentFragment();
  changed.append(line);
  morph(known, changed, false);
  return known;
}

// Brings the lines into a list in their order, and takes out those that have left it; answers with the new ones.
function intoList(list, fragment) {
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const shown = [...list.children];
  const stood = new Map(shown.map((line) => [line.id, line]));
  const lines = [...fragment.children].flatMap((line) => (line.dataset.same ? run(line, shown) : standing(stood.get(line.id), line)));
  const kept = new Set(lines);
  for (const line of stood.values()) if (!kept.has(line)) line.remove();
  let at = list.firstElementChild;
  for (const line of lines) {
    if (at && at !== line && at.nextElementSibling === line) {
      at.remove(); // It goes further down.
      at = line;
    }
    if (at === line) at = at.nextElementSibling;
    else list.insertBefore(line, at);
  }
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  const old = new Set(stood.values());
  return lines.filter((line) => !old.has(line));
}

htmx.registerExtension("desk", {
  init: (api) => {
    morph = api.morph;
  },
  handle_swap: (style, target, fragment) => {
    if (style === "lines") return intoList(target, fragment);
    if (style !== "messages") return false;
    intoThread(target, [...fragment.children]);
    return true;
  },
});
