// How the page looks, as the visitor likes it: colours, size of letters; and the menu in which that is chosen.

const byId = (id) => document.getElementById(id);
const MEDIA = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

export function look(keep, changed) {
  menu();
  larger(keep, changed);
  theme(keep);
}

function larger(keep, changed) {
  const button = byId("larger");
  const show = (on) => {
    document.documentElement.classList.toggle("larger", on);
    button.setAttribute("aria-pressed", String(on));
  };
  show(keep.read("larger") === true);
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    keep.write("larger", on);
    show(on);
    changed();
  });
}

function theme(keep) {
  const buttons = Array.from(document.querySelectorAll(".themes button"));
  const show = (wished) => {
    byId("dark").media = MEDIA[wished];
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.theme === wished));
  };
  show(MEDIA[keep.read("theme")] ? keep.read("theme") : "auto");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      keep.write("theme", button.dataset.theme);
      show(button.dataset.theme);
    });
  }
}

function menu() {
  const details = byId("menu");
  document.addEventListener("click", (event) => {
    if (!details.contains(event.target)) details.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    details.open = false;
    details.querySelector("summary").focus();
  });
}
