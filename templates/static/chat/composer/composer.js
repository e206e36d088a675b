// The composer: grows with its text, counts it, keeps a draft, and never sends while an input method is composing.

import { say, settings } from "../words.js";

const WARN = 400; // Characters left from which on the count is shown.

export class Composer {
  // send(text) when it is complete; writing() while it is not.
  constructor(form, keep, send, writing) {
    this.text = form.querySelector("textarea");
    this.button = form.querySelector(".send");
    this.count = document.getElementById("count");
    this.privacy = document.getElementById("privacy");
    this.keep = keep;
    this.send = send;
    if (!this.text.value) this.text.value = keep.read("draft") || "";
    this.text.addEventListener("input", () => {
      this.changed();
      if (this.text.value) writing();
    });
    this.text.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.changed();
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  submit() {
    const text = this.text.value.trim();
    if (!text || Array.from(text).length > settings.limit) return;
    this.text.value = "";
    this.changed();
    this.send(text);
  }

  changed() {
    const text = this.text.value;
    const left = settings.limit - Array.from(text).length;
    this.keep.write("draft", text);
    this.button.disabled = !text.trim() || left < 0;
    this.count.hidden = left > WARN;
    this.privacy.hidden = left <= WARN;
    this.count.classList.toggle("over", left < 0);
    this.count.textContent = left < 0 ? say("over", { count: -left }) : say("left", { count: left });
    this.fit();
  }

  // A text that is out of sight has no height yet.
  fit() {
    this.text.style.height = "auto";
    if (this.text.scrollHeight) this.text.style.height = this.text.scrollHeight + "px";
  }

  // Gives words back that were not sent after all.
  restore(text) {
    this.text.value = text;
    this.changed();
  }

  focus() {
    this.text.focus();
  }
}
