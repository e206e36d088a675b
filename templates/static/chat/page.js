// The customer's chat page: puts the wire, the outbox, the thread, the composer and the home together.

import { Attach } from "./composer/attach.js";
import { Composer } from "./composer/composer.js";
import { Connection } from "./wire/connection.js";
import { Consent } from "./consent.js";
import { Finder } from "./home/finder.js";
import { embedded, inFrame, tell } from "./frame.js";
import { Home } from "./home/home.js";
import { Keep } from "./keep.js";
import { look } from "./look.js";
import { Names } from "./thread/names.js";
import { Outbox } from "./wire/outbox.js";
import { Past } from "./thread/past.js";
import { Scroll } from "./thread/scroll.js";
import { Signals } from "./wire/signals.js";
import { Sound } from "./sound.js";
import { Standing } from "./thread/standing.js";
import { Thread } from "./thread/thread.js";
import { takeHome } from "./thread/transcript.js";
import { Typing } from "./thread/typing.js";
import { Unseen } from "./thread/unseen.js";
import { Views } from "./views.js";
import { Wire } from "./wire/wire.js";
import { settings } from "./words.js";

const TOAST_MS = 4000;

const byId = (id) => document.getElementById(id);
const keep = new Keep(settings.base);
const log = byId("log");
const connection = new Connection(byId("banner"));
const consent = new Consent(keep);
const standing = new Standing();
const scroll = new Scroll(byId("stream"), byId("latest"));
const typing = new Typing(byId("typing"), () => scroll.grown(0));
const names = new Names(keep);
const sound = new Sound(keep);
const thread = new Thread(log, {
  tap: (choice) => send(choice.label, choice.id),
  again: (id) => outbox.again(id),
  agent: (seq) => names.of(seq),
});
const views = new Views((view) => turned(view));
const unseen = new Unseen(
  keep,
  () => !document.hidden && !folded && (views.both || views.now === "chat"),
  (delivered, read) => signals.reached(delivered, read)
);
let folded = embedded && settings.host !== ""; // By the widget around us, which tells when it unfolds.
let toastTimer = 0;

const wire = new Wire(settings.base, keep, {
  messages: (messages) => arrive(messages),
  standing: (who) => stand(who),
  state: (state) => connection.live(state === "live"),
  typing: () => typing.agent(standing.agent),
  read: (seq) => thread.readUpTo(seq),
  opened: () => record(),
  reset: () => {
    thread.clear();
    unseen.forget();
    names.forget();
    past.clear();
    stand({ status: "bot", place: 0, agent: "" });
    for (const item of outbox.items) thread.expect(item);
  },
});

const outbox = new Outbox(keep, (item) => wire.post(item), {
  sending: (item) => {
    thread.expect(item);
    thread.state(item, "sending");
    if (standing.status === "bot") typing.soon();
  },
  sent: (item, answer) => {
    typing.stop();
    connection.live(true);
    thread.arrived(item, answer);
    unseen.came([{ seq: answer.seq, sender: "contact" }].concat(answer.replies));
    scroll.grown(0);
    tell({ huiying: "talked" });
  },
  waiting: (item) => {
    typing.stop();
    connection.live(false);
    thread.state(item, "waiting");
  },
  failed: (item) => {
    typing.stop();
    thread.state(item, "failed");
  },
});

const signals = new Signals(wire.live);
const past = new Past(
  { wire, thread, unseen, scroll, log, button: byId("earlier") },
  { talked: (is) => home.resumes(is), away: () => connection.live(false) }
);
const composer = new Composer(
  byId("composer"),
  keep,
  (text) => send(text, ""),
  () => standing.status !== "bot" && signals.writing()
);
const actions = { send: (text, choice) => send(text, choice), start: () => views.show("chat"), open: (is) => standing.house(is) };
const home = new Home(actions);
new Finder(actions);
new Attach(wire, { allowed: (go) => allowed(go, () => undefined), send: (file) => sendFile(file), wrong: (text) => toast(text) });

function send(text, choice) {
  views.show("chat");
  allowed(() => post(text, choice), () => choice || composer.restore(text));
}

function sendFile(file) {
  post("", "", file);
}

// Nothing leaves the page before the visitor has agreed to the operator's notice.
function allowed(go, back) {
  if (consent.needed) consent.ask(go, back);
  else go();
}

function post(text, choice, file) {
  thread.expect(outbox.add(text, choice, file));
  thread.undivide();
  home.resumes(true);
  scroll.toEnd();
}

function arrive(messages) {
  const spoken = messages.filter((message) => message.sender !== "contact");
  const away = !unseen.looking();
  const added = thread.add(messages, true);
  if (away && spoken.length) thread.divide(spoken[0].seq);
  if (spoken.length) typing.stop();
  if (away && spoken.length) sound.play();
  if (added) scroll.grown(spoken.length);
  unseen.came(messages);
}

function turned(view) {
  if (view === "chat") {
    unseen.see();
    composer.fit();
    scroll.toEnd();
  }
  focus();
}

// Where the eye is, the keyboard should be; but not on a screen whose keyboard would come up, nor out of a folded frame.
function focus() {
  if (folded) return;
  if (views.now !== "chat") byId("start").focus({ preventScroll: true });
  else if (window.matchMedia("(hover: hover)").matches) composer.focus();
  else byId("stream").focus({ preventScroll: true });
}

function fold(away, quiet) {
  folded = away;
  if (away) return;
  if (unseen.looking()) unseen.see();
  scroll.settle();
  composer.fit();
  if (!quiet) focus();
}

function stand(who) {
  standing.show(who);
  names.note(wire.seen, standing.agent);
}

function toast(text) {
  clearTimeout(toastTimer);
  byId("toast").textContent = text;
  byId("toast").hidden = false;
  toastTimer = setTimeout(() => (byId("toast").hidden = true), TOAST_MS);
}

// What was agreed to before there was a session is put on record once there is one.
function record() {
  if (consent.given) wire.agree(settings.privacy);
}

async function resume() {
  const talked = wire.session ? await past.show() : false;
  if (wire.session) wire.connect();
  return talked;
}

// The site around us has logged its customer out: nothing of the conversation stays in this browser.
function logOut() {
  for (const key of ["draft", "outbox", "seen", "agreed", "agents"]) keep.remove(key);
  outbox.items = [];
  wire.end();
  composer.restore("");
  home.resumes(false);
  views.show("home");
}

function identify(jwt) {
  wire.identify(jwt).then(
    (answer) => {
      tell({ huiying: "identified", ok: answer.status === 201 });
      return resume();
    },
    () => connection.live(false)
  );
}

for (const button of document.querySelectorAll("button[data-choice]")) {
  button.addEventListener("click", () => send(button.textContent.trim(), button.dataset.choice));
}
for (const link of document.querySelectorAll(".skip")) {
  link.addEventListener("click", (event) => {
    event.preventDefault(); // The way back must lead to where one was, not to the field again.
    byId(link.hash.slice(1)).focus();
  });
}
byId("back").addEventListener("click", () => views.show("home"));
byId("urgent").addEventListener("click", () => views.show("home"));
byId("transcript").addEventListener("click", async () => {
  byId("menu").open = false;
  toast(await takeHome(wire, names));
});
window.addEventListener("online", () => {
  outbox.hurry();
  home.look();
  if (wire.session) wire.connect();
});
window.addEventListener("offline", () => connection.live(false));
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  if (unseen.looking()) unseen.see();
  wire.live.hurry();
  home.look();
});

window.addEventListener("resize", () => composer.fit());

async function start() {
  if (embedded && new URLSearchParams(location.search).has("known")) wire.expect();
  look(keep, () => {
    composer.fit();
    scroll.toEnd();
  });
  for (const item of outbox.items) {
    thread.expect(item);
    if (item.failed) thread.state(item, "failed");
  }
  const talked = await resume();
  if (talked || outbox.items.length || location.hash === "#chat") views.begin("chat");
  outbox.drain();
  past.listenAloud();
  inFrame({ expect: () => wire.expect(), identify, unknown: () => wire.known(), logout: logOut, folded: fold });
  document.documentElement.dataset.ready = "yes";
}

start();
