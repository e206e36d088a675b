// A file that is chosen for a ticket goes up at once; the page then shows it. What somebody changes is no proposal any more.

import { toast } from "./notices.js";

document.addEventListener("change", async (event) => {
  const field = event.target.closest("[data-attach]");
  if (!field?.files.length) return;
  const body = new FormData();
  body.append("file", field.files[0]);
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "HX-Request": "true" };
  const response = await fetch(field.dataset.attach, { method: "POST", headers, body }).catch(() => null);
  if (response?.ok) location.reload();
  else toast((await response?.text()) ?? field.closest("label").textContent, "bad");
  field.value = "";
});

document.addEventListener("input", (event) => {
  event.target.closest(".tk-form label, .tk-form fieldset")?.querySelector(".tk-proposed")?.remove();
});
