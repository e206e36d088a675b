// Notices of the operating system, for whoever does not look at the desk: one for each conversation, by default without
// a name and without a word of what was written. The tab that holds the stream shows them.

import { preferences } from "./preferences.js";
import { quiet } from "./sound.js";

const LOOKED = "huiying-desk-looked";
let leading = false;
let done = null;

export function possible() {
  return isSecureContext && "Notification" in window && Boolean(navigator.locks);
}

export function lead() {
  leading = true;
}

// While a tab is looked at, it holds a lock together with the others of which that is true.
function look() {
  if (!navigator.locks) return;
  const looked = document.visibilityState === "visible" && document.hasFocus();
  if (looked && !done) {
    navigator.locks.request(LOOKED, { mode: "shared" }, () => new Promise((end) => (done = end)));
  } else if (!looked && done) {
    done();
    done = null;
  }
}

for (const kind of ["focus", "blur"]) window.addEventListener(kind, look);
document.addEventListener("visibilitychange", look);
look();

async function looked() {
  return (await navigator.locks.query()).held.some((lock) => lock.name === LOOKED);
}

function open(notice, href) {
  notice.close();
  window.focus();
  const link = document.querySelector(`#lists a[href^="${href}?"]`);
  if (link) link.click();
  else location.assign(href);
}

// What is to be shown: {about: the conversation's id or a word, title, href, told: async () => {title, body}}.
export async function notify({ about, title, href, told }) {
  if (!leading || !preferences.notify || quiet() || !possible() || Notification.permission !== "granted") return;
  if (await looked()) return;
  const content = preferences.content && told ? await told() : null;
  const notice = new Notification(content?.title || title, { body: content?.body ?? "", tag: `desk-${about}`, silent: true });
  notice.addEventListener("click", () => open(notice, href));
}
