// Messages go into a thread in their order and once each; one that is followed to its end keeps its newest alone.

import { say } from "./words.js";

// Messages of a thread that is followed: beyond so many the oldest leave the page, until these are left.
const MOST = 150;
const LEFT = 100;

export function intoThread(thread, messages) {
  for (const message of messages) {
    const known = document.getElementById(message.id);
    if (known) known.replaceWith(message);
    else after(thread, Number(message.dataset.seq), message);
  }
}

function after(thread, seq, message) {
  let before = thread.lastElementChild;
  while (before && Number(before.dataset.seq) > seq) before = before.previousElementSibling;
  if (before) before.after(message);
  else thread.prepend(message);
}

// Takes out the oldest of too many messages; a button brings them back.
export function shorten(thread) {
  const messages = thread.querySelectorAll(":scope > .m");
  if (messages.length <= MOST) return;
  const first = messages[messages.length - LEFT];
  const gone = document.createRange();
  gone.setStart(thread, 0);
  gone.setEndBefore(first);
  gone.deleteContents();
  thread.prepend(older(first.dataset.seq));
  htmx.process(thread.firstElementChild);
}

// As the server draws it (templates/desk/older.html).
function older(before) {
  const line = document.createElement("li");
  line.id = line.className = "older";
  line.dataset.seq = 0;
  const button = document.createElement("button");
  button.className = "button bare";
  button.type = "button";
  button.textContent = say("older");
  const address = `/desk/c/${document.getElementById("stage").dataset.conversation}/older?before=${before}`;
  for (const [name, value] of [["hx-get", address], ["hx-target", "#older"], ["hx-swap", "outerHTML"]]) button.setAttribute(name, value);
  line.append(button);
  return line;
}

// Puts what has been said into its place without telling the whole page of it, as a swap of htmx does; answers with the
// messages, or with nothing where the answer has more than messages and how far they have got.
export function take(thread, text) {
  const answer = document.createElement("template");
  answer.innerHTML = text;
  const parts = [...answer.content.children];
  const fills = (part) => part.getAttribute("hx-swap") === "messages";
  const way = (part) => part.firstElementChild?.matches(".way");
  if (!parts.every((part) => fills(part) || way(part))) return null;
  const messages = parts.filter(fills).flatMap((part) => [...part.children]);
  intoThread(thread, messages);
  for (const part of parts.filter(way)) {
    const shown = document.querySelector(part.getAttribute("hx-target"));
    if (shown && shown.dataset.way !== part.firstElementChild.dataset.way) shown.replaceWith(part.firstElementChild);
  }
  return messages;
}
