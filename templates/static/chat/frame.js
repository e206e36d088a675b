// The page inside the widget's frame: it folds away, tells what is unread, and takes the host's proof of identity.

import { settings } from "./words.js";

const embedded = window.parent !== window;

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
    const known = event.origin === location.origin || settings.sites.includes(event.origin);
    if (event.source !== window.parent || !known || !event.data) return;
    if (event.data.huiying === "identify" && typeof event.data.jwt === "string") actions.identify(event.data.jwt);
    if (event.data.huiying === "open") actions.folded(false);
    if (event.data.huiying === "closed") actions.folded(true);
  });
  tell({ huiying: "ready" });
}

// Nothing that is told says more than how many messages wait, so any host may hear it.
export function tell(word) {
  if (embedded) window.parent.postMessage(word, "*");
}
