// The dots that say that an answer is being written, by the assistant or by a person.

import { face } from "./bubbles.js";
import { say } from "../words.js";

const SOON_MS = 300; // A faster answer needs no dots.
const PERSON_MS = 6000; // A person who says no more of it has stopped.

export class Typing {
  // grown() is called when the dots take room.
  constructor(row, grown) {
    this.row = row;
    this.grown = grown;
    this.timer = 0;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.show("bot", "", say("typing")), SOON_MS);
  }

  agent(name) {
    clearTimeout(this.timer);
    this.show("agent", name, name ? say("sender.agent_named", { agent: name }) + " · " + say("typing") : say("typing.agent"));
    this.timer = setTimeout(() => this.stop(), PERSON_MS);
  }

  show(sender, name, label) {
    this.row.className = "row typing from-" + sender;
    this.row.replaceChild(face(sender, name), this.row.firstElementChild);
    this.row.querySelector(".dots").setAttribute("aria-label", label);
    if (!this.row.hidden) return;
    this.row.hidden = false;
    this.grown();
  }

  stop() {
    clearTimeout(this.timer);
    this.row.hidden = true;
  }
}
