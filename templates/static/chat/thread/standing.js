// Who has the word: the assistant, a queue with a place and a wait, or a person; and the ways that are open then.

import { say } from "../words.js";

const byId = (id) => document.getElementById(id);

export class Standing {
  constructor() {
    this.status = "bot";
    this.agent = "";
    this.open = true; // Whether people serve now.
  }

  show(who) {
    this.status = who.status;
    this.agent = who.status === "assigned" ? who.agent : "";
    const line = byId("standing");
    const key = who.status === "queued" && who.minutes ? "standing.queued_wait" : "standing." + who.status;
    const text = say(key, { place: who.place, minutes: who.minutes, agent: this.agent });
    line.dataset.status = who.status;
    if (line.textContent !== text) line.textContent = text;
    byId("face").className = "face face-" + (this.agent ? "agent" : "bot");
    byId("initial").textContent = this.agent ? Array.from(this.agent)[0] : "";
    this.ways();
  }

  house(open) {
    this.open = open;
    this.ways();
  }

  ways() {
    byId("shortcuts").hidden = this.status === "assigned"; // What a person is asked is written, not tapped.
    byId("human").hidden = this.status !== "bot";
    byId("cancel").hidden = this.status !== "queued";
    byId("leave").hidden = this.status !== "bot" || this.open;
  }
}
