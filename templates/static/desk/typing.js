// Who is writing: the customer's dots in list and thread, and word to the customer that the agent writes.

const LASTS = 6000;
const APART = 3000;
const until = new Map();
let told = 0;

// Contacts who write at this moment; one who says no more of it has stopped.
export function writing(contacts) {
  for (const contact of contacts) until.set(contact, Date.now() + LASTS);
  draw();
  setTimeout(draw, LASTS + 50);
}

// Contacts whose message has come, or of whom something else has changed.
export function stopped(contacts) {
  const wrote = contacts.filter((contact) => until.delete(contact));
  if (wrote.length) draw();
}

const writes = (contact) => (until.get(Number(contact)) ?? 0) > Date.now();

function draw() {
  for (const card of document.querySelectorAll("#cards > [data-typing]")) {
    if (!writes(card.dataset.contact)) card.removeAttribute("data-typing");
  }
  for (const contact of until.keys()) {
    if (!writes(contact)) continue;
    for (const card of document.querySelectorAll(`#cards > [data-contact="${contact}"]`)) card.setAttribute("data-typing", "");
  }
  const line = document.getElementById("typing");
  if (line) line.hidden = !writes(document.getElementById("stage").dataset.contact);
}

document.addEventListener("htmx:after:swap", draw);

document.addEventListener("input", (event) => {
  const composer = document.getElementById("composer");
  if (event.target.id !== "text" || !event.target.value.trim()) return;
  if (composer.dataset.mode !== "mine" || composer.dataset.as !== "reply" || Date.now() - told < APART) return;
  told = Date.now();
  const headers = { "X-CSRF-Token": document.body.dataset.csrf, "HX-Request": "true" };
  fetch(`/desk/c/${document.getElementById("stage").dataset.conversation}/typing`, { method: "POST", headers }).catch(() => {});
});
