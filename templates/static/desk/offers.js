// What is offered to the agent rings every few seconds until it is answered or the time is over.

import { serverTime } from "./badges.js";
import { ring } from "./sound.js";
import { notify } from "./system.js";
import { say, speak } from "./words.js";

const EVERY = 3000;
const known = new Set();

function standing() {
  return [...document.querySelectorAll("#offers [data-offer]")].filter((one) => {
    const over = Number(one.dataset.until) <= serverTime();
    one.hidden = over;
    return !over;
  });
}

// Rings at once for what is new, and again while anything stands.
export function offersChanged() {
  const fresh = standing().filter((one) => !known.has(one.dataset.offer));
  for (const one of fresh) known.add(one.dataset.offer);
  if (!fresh.length) return;
  ring("offer");
  notify({ about: "offer", title: say("notice_offer"), href: "/desk" });
  speak(say("offered", { name: fresh[0].querySelector("strong").textContent }));
}

setInterval(() => {
  if (standing().length) ring("offer");
}, EVERY);
offersChanged();
