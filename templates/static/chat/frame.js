// The page inside the widget's frame: it folds away, tells what is unread, and takes the site's proof of identity.

import { settings } from "./words.js";

export const embedded = window.parent !== window;

// actions: expect(), identify(jwt), unknown(), logout(), folded(away, quiet)
export function inFrame(actions) {
  if (!embedded) return;
  document.documentElement.classList.add("embedded");
  const fold = document.getElementById("fold");
  fold.hidden = false;
  fold.addEventListener("click", () => tell({ huiying: "close" }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tell({ huiying: "close" });
  });
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.origin !== settings.host || !event.data) return;
    const told = event.data;
    if (told.huiying === "identifying") actions.expect();
    if (told.huiying === "unknown") actions.unknown();
    if (told.huiying === "identify" && typeof told.jwt === "string") actions.identify(told.jwt);
    if (told.huiying === "logout") actions.logout();
    if (told.huiying === "open") actions.folded(false, told.quiet === true);
    if (told.huiying === "closed") actions.folded(true, true);
  });
  tell({ huiying: "ready" });
}

// The server has checked that this site may frame us; no other is spoken to.
export function tell(word) {
  if (embedded && settings.host) window.parent.postMessage(word, settings.host);
}
