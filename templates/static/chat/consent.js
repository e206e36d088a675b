// Asks once, before the first word leaves the page, whether the visitor agrees to the operator's privacy notice.

import { settings } from "./words.js";

const byId = (id) => document.getElementById(id);

export class Consent {
  constructor(keep) {
    this.keep = keep;
    this.box = byId("consent");
    this.go = null;
    this.back = null;
    byId("agree").addEventListener("click", () => this.answer(true));
    byId("decline").addEventListener("click", () => this.answer(false));
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.answer(false);
    });
  }

  // Whether it was asked for and given: then the session puts it on record.
  get given() {
    return settings.privacy !== "" && this.keep.read("agreed") === settings.privacy;
  }

  get needed() {
    return settings.privacy !== "" && !this.given;
  }

  // Calls go() when the visitor agrees, back() when not.
  ask(go, back) {
    if (this.back) this.back();
    this.go = go;
    this.back = back;
    this.box.hidden = false;
    this.box.focus();
  }

  answer(yes) {
    const { go, back } = this;
    this.go = this.back = null;
    this.box.hidden = true;
    if (yes) this.keep.write("agreed", settings.privacy);
    if (yes && go) go();
    if (!yes && back) back();
  }
}
