// The palette: everything that can be done here, the pages, the conversations and the canned replies, by a few letters.

import { insert } from "./composer.js";
import { fit } from "./fuzzy.js";
import { say, textIn } from "./words.js";

const MOST = 60;
const MOST_AT_FIRST = 8;
// What can be done, that of the open conversation first.
const ACTS = ["#head :is(button, a.button)", "#composer :is(button, label:has(> input[name=as]))", "main :is(button, a.button, .tabs a)", ".rail button"];
// Lines of lists, what stands in the thread, and what is shown only while something else is open.
const NOT_ACTS = "[role=log] *, .cards *, tr *, .context li *, #canned *, .sheet *, [data-pane], [data-palette=no]";
const GROUPS = ["acts", "chats", "pages", "canned"];
let items = [];
let chats = [];

const dialog = () => document.getElementById("palette");
const field = () => document.getElementById("palette-find");
const list = () => document.getElementById("palette-list");
const options = () => [...list().querySelectorAll("[role=option]")];
const marked = () => list().querySelector("[aria-selected=true]");
const words = (element) => (element?.innerText ?? element?.textContent ?? "").replace(/\s+/g, " ").trim();

// Its own name, behind that of the group to which it belongs.
function label(element) {
  const plain = element.matches(".rail-item") ? element.title : element.matches(".tabs a") ? element.firstChild.data : "";
  const own = element.getAttribute("aria-label") || plain || words(element) || element.title;
  const group = element.closest("[role=group], nav.tabs")?.getAttribute("aria-label");
  return group ? `${group} · ${own}` : own;
}

function keysOf(element) {
  return element.dataset.key ? `Alt + ${element.dataset.key.replace(/^Key|^Digit/, "")}` : "";
}

function acts() {
  const found = [...new Set(ACTS.flatMap((one) => [...document.querySelectorAll(one)]))].filter(
    (one) => !one.disabled && !one.querySelector("input:disabled") && !one.matches(NOT_ACTS) && one.checkVisibility(),
  );
  const buttons = found.map((one) => ({ group: "acts", label: label(one), hint: keysOf(one), run: () => one.click() }));
  return [...buttons, ...choices()].filter((one) => one.label);
}

// A list of choices with a button beside it is one act for each choice.
function choices() {
  return [...document.querySelectorAll("main select[data-palette]")].flatMap((select) =>
    [...select.options].map((option) => ({
      group: "acts",
      label: `${select.dataset.palette} · ${option.text}`,
      hint: "",
      run() {
        select.value = option.value;
        select.form.requestSubmit();
      },
    })),
  );
}

function pages() {
  return [...document.querySelectorAll(".rail a.rail-item")].map((one) => ({
    group: "pages",
    label: one.title,
    hint: "",
    run: () => one.click(),
  }));
}

function canned() {
  const composer = document.getElementById("composer");
  if (!composer || !["mine", "guest"].includes(composer.dataset.mode)) return [];
  return [...document.querySelectorAll("#canned [role=option]")].map((one) => ({
    group: "canned",
    label: one.querySelector("strong").firstChild.data.trim(),
    hint: one.querySelector("kbd")?.textContent ?? "",
    more: one.dataset.text,
    run() {
      const box = document.getElementById("text");
      insert(one.dataset.text, box.selectionStart, box.selectionEnd);
    },
  }));
}

// The conversations of the lists that are not on the page come from the server; without it, those that came before.
async function readChats() {
  if (!document.querySelector("[data-serves]")) return [];
  const tabs = ["mine", "waiting", ...(document.querySelector("[data-serves=all]") ? ["all"] : [])];
  const headers = { "HX-Request": "true" };
  const answers = await Promise.all(
    tabs.map((tab) => fetch(`/desk/lists?tab=${tab}`, { headers, signal: AbortSignal.timeout(5000) })),
  );
  if (answers.some((one) => !one.ok)) return chats;
  const found = new Map();
  for (const text of await Promise.all(answers.map((one) => one.text()))) {
    for (const link of new DOMParser().parseFromString(text, "text/html").querySelectorAll("[data-open]")) {
      if (!found.has(link.dataset.open)) found.set(link.dataset.open, chat(link));
    }
  }
  return [...found.values()];
}

function chat(link) {
  const id = link.dataset.open;
  const href = link.getAttribute("href");
  return {
    group: "chats",
    label: words(link.querySelector("strong")),
    hint: words(link.querySelector(".card-foot > span")),
    more: textIn(link.querySelector(".card-line")),
    run() {
      const there = document.querySelector(`#lists [data-open="${id}"]`);
      if (there) there.click();
      else location.assign(href);
    },
  };
}

function fitting(typed) {
  if (!typed.trim()) {
    const few = (group) => items.filter((one) => one.group === group).slice(0, MOST_AT_FIRST);
    return GROUPS.flatMap(few);
  }
  const scored = items.map((item, place) => ({ item, place, by: fit(typed, [item.label, item.hint, item.more ?? ""]) }));
  scored.sort((one, other) => other.by - one.by || one.place - other.place);
  return scored.filter((one) => one.by > 0).slice(0, MOST).map((one) => one.item);
}

function option(item, place) {
  const line = document.createElement("li");
  line.id = `palette-${place}`;
  line.className = "palette-item";
  line.setAttribute("role", "option");
  line.dataset.at = items.indexOf(item);
  const parts = [["span", say(`palette_${item.group}`), "palette-group"], ["strong", item.label], ["span", item.more, "palette-more"]];
  for (const [tag, text, name] of [...parts, ["kbd", item.hint]]) {
    if (!text) continue;
    const part = document.createElement(tag);
    if (name) part.className = name;
    part.textContent = text;
    line.append(part);
  }
  return line;
}

function draw() {
  const found = fitting(field().value);
  list().replaceChildren(...found.map(option));
  document.getElementById("palette-none").hidden = found.length > 0;
  document.getElementById("palette-count").textContent = say("palette_count", { count: found.length });
  mark(options()[0]);
}

function mark(one) {
  marked()?.setAttribute("aria-selected", "false");
  if (!one) return field().removeAttribute("aria-activedescendant");
  one.setAttribute("aria-selected", "true");
  field().setAttribute("aria-activedescendant", one.id);
  one.scrollIntoView({ block: "nearest" });
}

function gather() {
  items = [...acts(), ...chats, ...pages(), ...canned()];
}

export function openPalette() {
  if (dialog().open) return dialog().close();
  gather();
  field().value = "";
  dialog().showModal();
  field().focus();
  draw();
  readChats().then(
    (found) => {
      chats = found;
      if (!dialog().open) return;
      items = [...items.filter((one) => one.group === "acts"), ...chats, ...items.filter((one) => one.group !== "acts" && one.group !== "chats")];
      draw();
    },
    () => {},
  );
}

// The focus goes back to where it was before what was chosen is done.
function choose(one) {
  const item = items[Number(one.dataset.at)];
  dialog().close();
  item.run();
}

document.addEventListener("input", (event) => {
  if (event.target === field()) draw();
});

function moved(key) {
  const shown = options();
  const at = shown.indexOf(marked());
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 8, PageUp: at - 8 }[key];
  if (to === undefined) return false;
  const near = key.startsWith("Page") ? Math.min(Math.max(to, 0), shown.length - 1) : (to + shown.length) % shown.length;
  mark(shown[near]);
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "palette-find" || event.isComposing || event.keyCode === 229) return;
  if (event.key === "Enter" && marked()) choose(marked());
  else if (!moved(event.key)) return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const one = event.target.closest("#palette-list [role=option]");
  if (one) choose(one);
  else if (event.target === dialog()) dialog().close();
  else if (event.target.closest("#palette-button")) openPalette();
});
