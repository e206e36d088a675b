// Suggests published questions while the visitor types; what is not found is asked in the conversation.

import { faqItem } from "./faq.js";
import { ask } from "../wire/pace.js";
import { say, settings } from "../words.js";

const PAUSE = 250; // Milliseconds without a keystroke before the door is asked.
const KEPT = 100;

const byId = (id) => document.getElementById(id);

export class Finder {
  // actions: send(text, choice)
  constructor(actions) {
    this.actions = actions;
    this.field = byId("search");
    this.results = byId("results");
    this.found = byId("found");
    this.bot = byId("ask-bot");
    this.known = new Map();
    this.timer = 0;
    this.field.addEventListener("input", (event) => event.isComposing || this.typed());
    this.field.addEventListener("compositionend", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
    byId("clear").addEventListener("click", () => {
      this.empty();
      this.field.focus();
    });
    this.bot.addEventListener("click", () => this.askBot());
  }

  get text() {
    return this.field.value.trim();
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && this.text) this.askBot();
    if (event.key === "Escape" && this.field.value) {
      event.stopPropagation();
      this.empty();
    }
  }

  askBot() {
    const text = this.text;
    this.empty();
    this.actions.send(text, "");
  }

  empty() {
    this.field.value = "";
    this.typed();
  }

  typed() {
    clearTimeout(this.timer);
    const text = this.text;
    byId("clear").hidden = !this.field.value;
    byId("popular").classList.toggle("aside", Boolean(text));
    this.bot.hidden = !text;
    this.bot.textContent = say("search.ask", { text: Array.from(text).slice(0, 40).join("") });
    if (!text) this.show(null, "");
    else this.timer = setTimeout(() => this.look(text), this.known.has(text) ? 0 : PAUSE);
  }

  async look(text) {
    let said = "";
    if (!this.known.has(text)) {
      try {
        const answer = await ask(settings.base + "/search?language=" + settings.language + "&q=" + encodeURIComponent(text), { cache: "default" }, 8000);
        if (answer.status === 200) this.keep(text, answer.body.questions);
        else said = say("search.away");
      } catch (away) {
        said = say("search.away");
      }
    }
    if (text !== this.text) return; // Somebody has typed on.
    const questions = this.known.get(text) || [];
    this.show(questions, said || (questions.length ? say("search.found", { count: questions.length }) : say("search.none")));
  }

  keep(text, questions) {
    if (this.known.size >= KEPT) this.known.clear();
    this.known.set(text, questions);
  }

  show(questions, said) {
    this.found.textContent = said;
    this.results.textContent = "";
    this.results.hidden = !questions || !questions.length;
    for (const question of questions || []) this.results.append(faqItem(question, this.actions));
  }
}
