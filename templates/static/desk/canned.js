// What opens under the composer: canned replies by / ／ or 、 at the start of a line, colleagues by @ in a note, emoji by :.

import { picker } from "./picker.js";
import { say } from "./words.js";

const OPENERS = "/／、";
const ANSWERS = ["mine", "guest"];
const chosen = new Set();

const composer = () => document.getElementById("composer");

const toggle = picker({
  list: "canned",
  starts(box) {
    if (!ANSWERS.includes(composer().dataset.mode)) return -1;
    const line = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    return OPENERS.includes(box.value[line] || " ") && box.selectionStart > line ? line : -1;
  },
  picked(option) {
    option.parentElement.prepend(option);
    noteCanned(option.dataset.id);
  },
});

// A canned reply was used: it comes first the next time.
export function noteCanned(id) {
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "HX-Request": "true" };
  fetch(`/desk/canned/${id}/used`, { method: "POST", headers }).catch(() => {}); // Only its place.
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#open-canned")) toggle();
});

// Where a sign stands before the caret with nothing but letters between; -1 for nowhere.
function behind(box, sign) {
  const before = box.value.slice(0, box.selectionStart);
  const at = before.lastIndexOf(sign);
  return at >= 0 && !/[\s@:,.，。]/.test(before.slice(at + 1)) ? at : -1;
}

picker({
  list: "colleagues",
  starts: (box) => (composer().dataset.as === "note" ? behind(box, "@") : -1),
  async ready(list) {
    if (!list.children.length) {
      const response = await fetch("/desk/colleagues", { headers: { "HX-Request": "true" } }).catch(() => null);
      if (response?.ok && !list.children.length) list.innerHTML = await response.text();
    }
    return list.children.length > 0;
  },
  picked(option) {
    chosen.add(option.dataset.id);
    document.getElementById("mentions").value = [...chosen].join(",");
  },
});

picker({
  list: "emoji",
  starts(box) {
    const at = behind(box, ":");
    return at >= 0 && /(^|\s)$/.test(box.value.slice(0, at)) ? at : -1;
  },
  ready(list) {
    if (!list.children.length) list.append(...say("emoji").trim().split("\n").map(emoji));
    return true;
  },
});

function emoji(line, number) {
  const [sign, name, ...others] = line.split(" ");
  const option = document.createElement("li");
  option.setAttribute("role", "option");
  option.id = `emoji-${number}`;
  option.dataset.find = [name, ...others].join(" ");
  option.dataset.text = sign;
  const shown = document.createElement("strong");
  shown.textContent = sign;
  const called = document.createElement("span");
  called.textContent = name;
  option.append(shown, called);
  return option;
}
