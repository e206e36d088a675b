// The stream of hints, one for all tabs of a browser, because over HTTP/1.1 a browser keeps six connections at most.
// Where a page may hold locks, one tab holds the stream and passes its hints on; over plain http a shared worker does.

import { lead as leadNotices } from "./system.js";

const LOCK = "huiying-desk-stream";
const AGAIN = 2000;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("huiying-desk") : null;

export async function loggedOut() {
  const response = await fetch("/desk/seat", { headers: { "HX-Request": "true" } }).catch(() => null);
  return response?.status === 401;
}

function hold(pass) {
  leadNotices();
  return new Promise((_, give) => {
    const source = new EventSource("/desk/stream");
    source.addEventListener("changed", (event) => pass("changed", JSON.parse(event.data)));
    source.addEventListener("said", (event) => pass("said", JSON.parse(event.data)));
    source.addEventListener("bye", () => pass("bye", {}));
    source.addEventListener("error", () => {
      pass("lost", {});
      if (source.readyState === EventSource.CLOSED) setTimeout(give, AGAIN, new Error("closed"));
    });
  });
}

async function lead(take) {
  const pass = (kind, data) => {
    channel?.postMessage({ kind, data });
    take(kind, data);
  };
  channel?.addEventListener("message", (event) => take(event.data.kind, event.data.data));
  if ((await navigator.locks?.query())?.held.some((lock) => lock.name === LOCK)) take("late", {});
  for (;;) {
    try {
      if (navigator.locks) await navigator.locks.request(LOCK, () => hold(pass));
      else await hold(pass);
    } catch {
      if (await loggedOut()) return take("bye", {});
    }
  }
}

function share(take) {
  const { port } = new SharedWorker(new URL("stream_worker.js", import.meta.url));
  port.addEventListener("message", async (event) => {
    if (event.data.kind !== "closed") take(event.data.kind, event.data.data);
    else if (await loggedOut()) take("bye", {});
  });
  port.start();
  window.addEventListener("pagehide", (event) => event.persisted || port.postMessage("gone"));
}

// Calls take(kind, data) for each hint: "changed" with what it says, "said" where words have come, "late" for a tab that
// may have missed one, "lost" while nothing comes, "bye" when the session has ended, or goes on under another token.
export function listen(take) {
  if (!navigator.locks && "SharedWorker" in window) share(take);
  else lead(take);
}
