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

// How things stand comes in while one may have picked somebody already: whoever can still be asked stays picked.
let picked = null;

document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx.sourceElement?.id !== "transfer") return;
  picked = document.querySelector("#transfer-choices input:checked")?.value ?? null;
});

document.addEventListener("htmx:after:swap", (event) => {
  if (event.detail.ctx.sourceElement?.id !== "transfer") return;
  const again = [...document.querySelectorAll("#transfer-choices input:enabled")].find((one) => one.value === picked);
  if (again) again.checked = true;
  narrow();
});

// Enter in the search picks the first that is left, and does not send the form.
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "transfer-find" || event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  document.querySelector("#transfer-choices .target:not([hidden]) input:enabled")?.click();
  el("transfer-note").focus();
});

// Before it opens: its search has the focus at once, and whoever types on writes there and not to the customer.
document.addEventListener(
  "beforetoggle",
  (event) => {
    if (event.target.id === "transfer" && event.newState === "open") el("transfer-find").value = "";
  },
  true,
);
