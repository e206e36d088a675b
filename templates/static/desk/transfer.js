// The dialog that passes a conversation on: its search narrows people and queues down as one types.

const el = (id) => document.getElementById(id);

function narrow() {
  const wanted = el("transfer-find").value.trim().toLowerCase();
  let found = 0;
  for (const target of document.querySelectorAll("#transfer-choices [data-find]")) {
    target.hidden = !target.dataset.find.includes(wanted);
    found += !target.hidden;
  }
  document.querySelector("#transfer-choices .targets-none").hidden = found > 0;
}

document.addEventListener("input", (event) => {
  if (event.target.id === "transfer-find") narrow();
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.sourceElement?.id === "transfer") narrow();
});

// Enter in the search picks the first that is left, and does not send the form.
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "transfer-find" || event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  document.querySelector("#transfer-choices .target:not([hidden]) input:enabled")?.click();
  el("transfer-note").focus();
});

document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.id !== "transfer" || event.newState !== "open") return;
    el("transfer-find").value = "";
    el("transfer-find").focus();
  },
  true,
);
