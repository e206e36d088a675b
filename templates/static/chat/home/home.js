// The home: announcements, whether people serve now and how long it takes, common questions, and the ways in.

import { clock, dayName, linked } from "../thread/bubbles.js";
import { faqItem } from "./faq.js";
import { make } from "../make.js";
import { ask } from "../wire/pace.js";
import { say, settings } from "../words.js";

const AGAIN = 60000; // Milliseconds between two looks at how the house stands, while somebody looks at the page.

const byId = (id) => document.getElementById(id);

// A moment within a sentence.
function soon(written) {
  const moment = new Date(written);
  const day = dayName(moment);
  return (day === say("today") ? say("at_today") : day) + " " + clock(moment);
}

function announcement(one) {
  const item = make("li", "announcement");
  const head = make(one.text ? "summary" : "p", "title");
  item.dataset.level = one.level;
  head.append(make("span", "level", say("level." + one.level)), one.title);
  if (one.text) {
    const details = make("details");
    details.append(head, linked(one.text, "", "p"));
    item.append(details);
  } else {
    item.append(head);
  }
  return item;
}

export class Home {
  // actions: send(text, choice), start(), open(is)
  constructor(actions) {
    this.actions = actions;
    this.shown = "";
    for (const button of document.querySelectorAll(".shortcuts .chip-hot")) {
      const id = button.dataset.choice.replace(/^faq:/, "");
      byId("hot").append(faqItem({ id, question: button.textContent.trim() }, actions));
    }
    byId("start").addEventListener("click", () => actions.start());
    this.show(settings.home);
    setInterval(() => document.hidden || this.look(), AGAIN * (0.9 + Math.random() * 0.2));
  }

  async look() {
    try {
      const answer = await ask(settings.base + "/home?language=" + settings.language, {}, 10000);
      if (answer.status === 200) this.show(answer.body);
    } catch (away) {
      return; // The next look will tell.
    }
  }

  show(home) {
    byId("state").dataset.open = String(home.open);
    byId("state").textContent = this.state(home);
    byId("to-human").hidden = !home.open;
    byId("to-leave").hidden = home.open;
    byId("to-leave").title = home.answered_by ? say("leave_by", { by: soon(home.answered_by) }) : "";
    this.announce(home.announcements);
    this.actions.open(home.open);
  }

  state(home) {
    if (!home.open) return say("closed", { opens: soon(home.changes) }) + (home.answered_by ? " · " + say("leave_by", { by: soon(home.answered_by) }) : "");
    const now = home.minutes ? say("open_wait", { minutes: home.minutes }) : say("open");
    return home.changes ? now + " · " + say("open_until", { until: clock(new Date(home.changes)) }) : now;
  }

  // What is unfolded stays so: the list is made anew only when it has changed.
  announce(all) {
    const same = JSON.stringify(all);
    if (same === this.shown) return;
    this.shown = same;
    const list = byId("announcements");
    const urgent = all.find((one) => one.level === "emergency");
    list.textContent = "";
    list.hidden = !all.length;
    for (const one of all) list.append(announcement(one));
    byId("urgent").hidden = !urgent;
    byId("urgent").textContent = urgent ? urgent.title : "";
  }

  resumes(talked) {
    byId("start-label").textContent = say(talked ? "resume" : "start");
  }
}
