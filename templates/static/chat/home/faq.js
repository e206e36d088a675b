// A question that unfolds into its answer, without a conversation.

import { linked } from "../thread/bubbles.js";
import { make } from "../make.js";
import { ask } from "../wire/pace.js";
import { say, settings } from "../words.js";

const answers = new Map();
let number = 0;

async function answerTo(id) {
  if (!answers.has(id)) {
    const found = await ask(settings.base + "/questions/" + encodeURIComponent(id) + "?language=" + settings.language, {}, 10000);
    if (found.status !== 200) throw new Error("answer " + found.status);
    answers.set(id, found.body.answer);
  }
  return answers.get(id);
}

// actions: send(text, choice)
export function faqItem(article, actions) {
  const item = make("li");
  const button = make("button", "question", article.question);
  const answer = make("div", "answer");
  number += 1;
  answer.id = "answer-" + number;
  answer.hidden = true;
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", answer.id);
  button.addEventListener("click", () => unfold(article, button, answer, actions));
  item.append(button, answer);
  return item;
}

async function unfold(article, button, answer, actions) {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  answer.hidden = !open;
  if (!open || answer.dataset.full) return;
  answer.textContent = "";
  answer.append(make("p", "text", say("answer.loading")));
  try {
    const text = await answerTo(article.id);
    answer.textContent = "";
    answer.append(linked(text, "text"), ways(article, actions));
    answer.dataset.full = "yes";
    answer.tabIndex = -1;
    answer.focus({ preventScroll: true }); // Read out by a screen reader; the eye need not move.
  } catch (away) {
    answer.textContent = "";
    answer.append(make("p", "text", say("answer.away")));
    button.setAttribute("aria-expanded", "false");
  }
}

function ways(article, actions) {
  const doors = make("div", "answer-doors");
  const more = make("button", "chip", say("answer.ask"));
  const human = make("button", "chip", say("human"));
  more.type = human.type = "button";
  more.addEventListener("click", () => actions.send(article.question, "faq:" + article.id));
  human.addEventListener("click", () => actions.send(say("human"), "human"));
  doors.append(more, human);
  return doors;
}
