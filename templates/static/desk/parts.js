// Parts of the page that are fetched anew: one fetch at a time for each, and again after one that failed.

import { loggedOut } from "./stream.js";

const AGAIN = 2000;
// How long a browser has to be told of the token under which a session goes on.
const RENEWED = 1500;
export const LONGEST_REST = 1000;
// Nobody reads what changes faster.
const SHORTEST_REST = 400;
let asking = false;

// One fetch at a time for each part; a hint that comes meanwhile makes one more. After each comes a rest of so many times
// what it took, which only what is wanted at once cuts short: a long list that changes all the time must not hold up the thread.
export function part(fetchIt, rest = 0) {
  let running = false;
  let again = false;
  let hurry = false;
  let from = 0;
  let wake = null;
  return async function refresh(atOnce = false) {
    if (atOnce) {
      hurry = true;
      wake?.();
    }
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        const early = hurry ? 0 : from - performance.now();
        if (early > 0) await new Promise((go) => setTimeout((wake = go), early));
        again = hurry = false;
        const began = performance.now();
        await fetchIt();
        if (rest) from = performance.now() + Math.min(LONGEST_REST, Math.max(SHORTEST_REST, rest * (performance.now() - began)));
      } while (again);
    } catch {
      setTimeout(refresh, AGAIN);
    } finally {
      running = false;
    }
  };
}

export async function get(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10_000) });
  if (response.status === 401) askWhetherOut();
  if (response.status === 404) return "";
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

export async function put(text, target, swap) {
  if (text && target?.isConnected) await htmx.swap({ text, sourceElement: target, target, swap });
}

// Whoever has changed a password or a second factor goes on, in this tab and all others.
export function askWhetherOut() {
  if (!asking) setTimeout(leave, RENEWED);
  asking = true;
}

async function leave() {
  asking = false;
  if (await loggedOut()) location.assign("/desk/login");
}
