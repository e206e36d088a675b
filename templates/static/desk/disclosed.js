// What was shown unmasked leaves the page again after its time.

import { say } from "./words.js";

document.addEventListener("htmx:after:swap", () => {
  for (const shown of document.querySelectorAll("[data-hide-after]:not([data-until])")) hide(shown);
});

function hide(shown) {
  shown.dataset.until = Date.now() + Number(shown.dataset.hideAfter) * 1000;
  const form = shown.closest(".number")?.querySelector("details");
  if (form) {
    form.open = false;
    form.querySelector("[name=reason]").value = "";
  }
  const timer = setInterval(() => {
    const left = Math.ceil((Number(shown.dataset.until) - Date.now()) / 1000);
    if (left > 0 && shown.isConnected) {
      shown.querySelector("[data-left]").textContent = say("hides", { seconds: left });
      return;
    }
    clearInterval(timer);
    shown.remove();
  }, 1000);
}
