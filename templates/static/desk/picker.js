// A list under the composer that opens by a sign, is filtered by what is typed behind it, and puts one of its lines in.

import { insert } from "./composer.js";

const field = () => document.getElementById("text");

// list: the id of the element; starts(box): where the sign stands, or -1; ready(list): may fill it first;
// picked(option): after one was put in.
export function picker({ list: id, starts, ready = () => true, picked = () => {} }) {
  let from = -1;
  let byButton = false;
  const list = () => document.getElementById(id);
  const options = () => [...list().querySelectorAll("[role=option]:not([hidden])")];
  const marked = () => list().querySelector("[aria-selected]");
  const open = () => from >= 0 && list() && !list().hidden;

  async function follow() {
    if (!list()) return;
    const box = field();
    const at = starts(box);
    if (at < 0 && !byButton) return shut();
    from = at < 0 ? box.selectionStart : at;
    if (!(await ready(list()))) return shut();
    if (from >= 0) filter(at < 0 ? "" : box.value.slice(at + 1, box.selectionStart));
  }

  function filter(text) {
    const wanted = text.trim().toLowerCase();
    for (const option of list().querySelectorAll("[role=option]")) {
      option.hidden = !option.dataset.find.includes(wanted);
    }
    const none = list().querySelector(".canned-none");
    if (none) none.hidden = options().length > 0;
    list().hidden = !none && !options().length;
    mark(options()[0]);
  }

  function mark(option) {
    for (const other of list().querySelectorAll("[aria-selected]")) other.removeAttribute("aria-selected");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function shut() {
    from = -1;
    byButton = false;
    if (!list()) return;
    list().hidden = true;
    field().removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    const at = starts(field()) < 0 ? field().selectionStart : from;
    const to = field().selectionStart;
    shut();
    insert(option.dataset.text, at, to);
    picked(option);
  }

  document.addEventListener("input", (event) => {
    if (event.target.id === "text") follow();
  });

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.target.id !== "text" || !open() || event.isComposing || event.keyCode === 229) return;
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
    const option = event.target.closest(`#${id} [role=option]`);
    if (option) choose(option);
    else if (open() && !event.target.closest(`#${id}, [data-opens=${id}]`)) shut();
  });

  return function toggle() {
    if (open()) return shut();
    byButton = true;
    field().focus();
    follow();
  };
}
