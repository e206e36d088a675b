// The sheet of settings: what was chosen counts at once, can be tried, and says where the browser stands in the way.

import { possible } from "./system.js";
import { play, unlocked } from "./sound.js";
import { say } from "./words.js";

const el = (id) => document.getElementById(id);
const form = () => document.querySelector("#settings form");

function show() {
  const wanted = form().elements.notify.checked;
  el("sound-locked").hidden = unlocked();
  el("notices-insecure").hidden = possible();
  el("notices-denied").hidden = !(possible() && wanted && Notification.permission === "denied");
  form().elements.content.disabled = !wanted;
}

document.addEventListener("change", async (event) => {
  if (!event.target.closest("#settings")) return;
  if (event.target.name === "volume") play("message");
  if (event.target.name === "notify" && event.target.checked && possible()) await Notification.requestPermission();
  show();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-try]");
  if (button) play(button.dataset.try);
});

document.addEventListener("desk:preferences", () => {
  el("settings-kept").textContent = say("settings_kept");
});

document.addEventListener("desk:audible", show);
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id !== "settings" || event.newState !== "open") return;
    el("settings-kept").textContent = "";
    show();
  },
  true,
);
