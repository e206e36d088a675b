// A new edition of the desk is offered and never forced: what is typed stays until the person says so.

import { say } from "./words.js";

let told = false;

// The edition that the server now runs.
export function editionIs(edition) {
  if (told || edition === document.body.dataset.edition) return;
  told = true;
  const item = document.createElement("div");
  item.className = "toast lasting";
  item.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = say("edition");
  const button = document.createElement("button");
  button.className = "button";
  button.type = "button";
  button.textContent = say("edition_load");
  button.addEventListener("click", () => location.reload());
  item.append(text, button);
  document.getElementById("toasts").append(item);
}
