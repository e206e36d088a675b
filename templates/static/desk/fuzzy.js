// How well what was typed fits a text: by a part of it, by its initials, or by its letters in order.

import { initials } from "./initials.js";

function within(typed, text) {
  const at = text.indexOf(typed);
  return at < 0 ? 0 : at === 0 ? 3 : 2;
}

// From 0 to 1: the closer together the letters stand, the more.
function scattered(typed, text) {
  let from = text.indexOf(typed[0]);
  const began = from;
  for (const letter of typed.slice(1)) {
    if (from < 0) return 0;
    from = text.indexOf(letter, from + 1);
  }
  return from < 0 ? 0 : typed.length / (from - began + 1);
}

// 0 where it does not fit at all; more is better. Texts are given the most telling first.
export function fit(typed, texts) {
  const wanted = typed.toLowerCase().replace(/\s+/g, " ").trim();
  if (!wanted) return 1;
  const letters = wanted.replaceAll(" ", "");
  let best = 0;
  texts.forEach((text, place) => {
    const low = text.toLowerCase();
    const first = initials(text);
    const by = Math.max(within(wanted, low), 0.9 * within(letters, first), scattered(letters, low), 0.7 * scattered(letters, first));
    best = Math.max(best, by / (1 + place / 2));
  });
  return best < 0.35 ? 0 : best;
}
