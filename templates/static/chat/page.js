// The customer's chat page: puts the wire, the outbox, the thread and the composer together.

import { Composer } from "./composer.js";
import { inFrame, tell } from "./frame.js";
import { Keep } from "./keep.js";
import { Outbox } from "./outbox.js";
import { Scroll } from "./scroll.js";
import { Thread } from "./thread.js";
import { Wire } from "./wire.js";
import { say, settings } from "./words.js";

const AWAY_MS = 2500; // A shorter loss of the connection is nobody's business.
const DOTS_MS = 300; // A faster answer needs no dots.

const byId = (id) => document.getElementById(id);
const keep = new Keep(settings.base);
const title = document.title;
const earlier = byId("earlier");
const log = byId("log");
const banner = byId("banner");
const typing = byId("typing");
const scroll = new Scroll(byId("stream"), byId("latest"));
const thread = new Thread(log, { tap: (choice) => send(choice.label, choice.id), again: (id) => outbox.again(id) });
let status = "bot";
let awayTimer = 0;
let dotsTimer = 0;
let unseen = 0;
let folded = false; // By the widget around us.

const wire = new Wire(settings.base, keep, {
  messages: (messages) => arrive(messages),
  standing: (who) => stand(who),
  state: (state) => connected(state === "live"),
  reset: () => {
    thread.clear();
    earlier.hidden = true;
    stand({ status: "bot", place: 0, agent: "" });
    for (const item of outbox.items) thread.expect(item);
  },
});

const outbox = new Outbox(keep, (item) => wire.post(item), {
  sending: (item) => {
    thread.expect(item);
    thread.state(item, "sending");
    if (status === "bot") dots();
  },
  sent: (item, answer) => {
    noDots();
    connected(true);
    thread.arrived(item, answer);
    scroll.grown(0);
  },
  waiting: (item) => {
    noDots();
    connected(false);
    thread.state(item, "waiting");
  },
  failed: (item) => {
    noDots();
    thread.state(item, "failed");
  },
});

const composer = new Composer(byId("composer"), keep, (text) => send(text, ""));

function send(text, choice) {
  thread.expect(outbox.add(text, choice));
  scroll.toEnd();
}

function arrive(messages) {
  const spoken = messages.filter((message) => message.sender !== "contact");
  const added = thread.add(messages, true);
  if (spoken.length) noDots();
  if (added) scroll.grown(spoken.length);
  if (document.hidden || folded) unseen += spoken.length;
  showUnseen();
}

function fold(away) {
  folded = away;
  if (!away) {
    seeAll();
    composer.focus();
  }
}

function seeAll() {
  unseen = 0;
  showUnseen();
}

function showUnseen() {
  document.title = unseen ? "(" + unseen + ") " + title : title;
  tell({ huiying: "unread", count: unseen });
}

function stand(who) {
  status = who.status;
  const standing = byId("standing");
  const agent = who.status === "assigned" ? who.agent : "";
  thread.agent = agent;
  standing.dataset.status = who.status;
  standing.textContent = say("standing." + who.status, { place: who.place, agent });
  byId("face").className = "face face-" + (agent ? "agent" : "bot");
  byId("initial").textContent = agent ? Array.from(agent)[0] : "";
  byId("human").hidden = who.status !== "bot";
  byId("cancel").hidden = who.status !== "queued";
}

function dots() {
  clearTimeout(dotsTimer);
  dotsTimer = setTimeout(() => {
    typing.hidden = false;
    scroll.grown(0);
  }, DOTS_MS);
}

function noDots() {
  clearTimeout(dotsTimer);
  typing.hidden = true;
}

function connected(live) {
  if (live) {
    clearTimeout(awayTimer);
    awayTimer = 0;
    if (!banner.hidden && banner.dataset.state === "away") back();
  } else if (!awayTimer && banner.hidden) {
    awayTimer = setTimeout(away, navigator.onLine === false ? 0 : AWAY_MS);
  }
}

function away() {
  awayTimer = 0;
  banner.dataset.state = "away";
  banner.textContent = say("offline");
  banner.hidden = false;
}

function back() {
  banner.dataset.state = "back";
  banner.textContent = say("back");
  setTimeout(() => (banner.hidden = banner.dataset.state === "back" || banner.hidden), 2000);
}

async function showHistory() {
  try {
    const messages = await wire.history();
    thread.add(messages, false);
    earlier.hidden = thread.oldest <= 1 || !messages.length;
    scroll.toEnd();
  } catch (unreachable) {
    connected(false);
  }
}

async function showEarlier() {
  earlier.disabled = true;
  log.setAttribute("aria-live", "off");
  try {
    const messages = await wire.history(thread.oldest);
    scroll.steady(() => thread.add(messages, false));
    earlier.hidden = !messages.length || thread.oldest <= 1;
  } catch (unreachable) {
    connected(false);
  }
  earlier.disabled = false;
  listenAloud();
}

// What was said before is shown without being read out; only what comes from now on is.
function listenAloud() {
  setTimeout(() => log.setAttribute("aria-live", "polite"), 100);
}

function comeBack() {
  outbox.hurry();
  if (wire.session) wire.connect();
}

function largerText() {
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
    scroll.toEnd();
  });
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

for (const button of document.querySelectorAll("button[data-choice]")) {
  button.addEventListener("click", () => send(button.textContent.trim(), button.dataset.choice));
}
earlier.addEventListener("click", showEarlier);
window.addEventListener("online", comeBack);
window.addEventListener("offline", () => connected(false));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (!folded) seeAll();
  wire.hurry();
});

async function resume() {
  if (wire.session) await showHistory();
  if (wire.session) wire.connect();
}

async function start() {
  largerText();
  menu();
  for (const item of outbox.items) {
    thread.expect(item);
    if (item.failed) thread.state(item, "failed");
  }
  await resume();
  outbox.drain();
  listenAloud();
  inFrame({ identify: (jwt) => wire.open(jwt).then(resume, () => connected(false)), folded: (away) => fold(away) });
  document.documentElement.dataset.ready = "yes";
}

start();
