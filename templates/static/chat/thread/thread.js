// The thread on the page: each message once, in the order of its number; what is still on its way stands at the end.

import { clock, day, dayName, row, showPicked } from "./bubbles.js";
import { make } from "../make.js";
import { say } from "../words.js";

const GAP = 5 * 60 * 1000; // After such a silence the time is shown again.

function spoken(item) {
  return { sender: "contact", text: item.text, choices: [], sent_at: item.at, attachment: item.attachment };
}

export class Thread {
  // actions: tap(choice), again(id), agent(seq)
  constructor(log, actions) {
    this.log = log;
    this.actions = actions;
    this.clear();
  }

  clear() {
    this.rows = []; // {seq, id, message, element}, in order; seq is Infinity while a message is on its way.
    this.held = new Map();
    this.read = 0; // Up to here a person has read.
    this.log.textContent = "";
  }

  get oldest() {
    return this.rows.length ? this.rows[0].seq : 0;
  }

  get pending() {
    return this.rows.some((one) => one.seq === Infinity && !one.failed);
  }

  has(seq) {
    return this.held.has(seq) || this.rows.some((one) => one.seq === seq);
  }

  // Returns how many were new.
  add(messages, fresh) {
    let count = 0;
    for (const message of messages) {
      if (this.has(message.seq)) continue;
      count += 1;
      // Words of our own may be the ones on their way: their post's answer will tell.
      if (message.sender === "contact" && this.pending) this.held.set(message.seq, message);
      else this.insert(message, message.seq, fresh);
    }
    this.dress();
    return count;
  }

  expect(item) {
    if (this.rows.some((one) => one.id === item.id)) return;
    const after = Math.max(0, ...this.rows.map((one) => one.seq).filter(Number.isFinite));
    Object.assign(this.insert(spoken(item), Infinity, true), { id: item.id, after });
    this.dress();
  }

  arrived(item, answer) {
    const mine = this.rows.find((one) => one.id === item.id);
    const double = this.rows.find((one) => one.seq === answer.seq);
    const stored = this.held.get(answer.seq) || answer.replies[0]; // Knows the time by the server's clock.
    this.held.delete(answer.seq);
    if (mine) this.take(mine);
    if (!double) {
      const message = spoken(item);
      if (stored) message.sent_at = stored.sent_at;
      const settled = this.insert(message, answer.seq, false, mine && mine.element);
      this.mark(settled, "");
    } else if (mine) {
      mine.element.remove();
    }
    if (!this.pending) this.release();
    this.add(answer.replies, true);
  }

  state(item, word) {
    const mine = this.rows.find((one) => one.id === item.id);
    if (!mine) return;
    mine.failed = word === "failed";
    this.mark(mine, word);
    if (!this.pending) this.release();
  }

  insert(message, seq, fresh, element) {
    const one = { seq, id: null, failed: false, message, element: element || row(message, this.actions.agent(seq), this.actions.tap) };
    let at = this.rows.length;
    while (at > 0 && this.rows[at - 1].seq > seq) at -= 1;
    const next = this.rows[at] ? this.rows[at].element : null;
    if (fresh) one.element.classList.add("fresh");
    // A row that stays where it is must not be moved: moving it would have it read out again.
    if (one.element.parentNode !== this.log || one.element.nextSibling !== next) {
      this.log.insertBefore(one.element, next);
    }
    this.rows.splice(at, 0, one);
    return one;
  }

  take(one) {
    this.rows.splice(this.rows.indexOf(one), 1);
  }

  release() {
    for (const message of this.held.values()) this.insert(message, message.seq, false);
    this.held.clear();
  }

  mark(one, word) {
    const old = one.element.querySelector(".state");
    if (old) old.remove();
    one.element.classList.toggle("unsent", word === "waiting" || word === "failed");
    if (!word) return;
    const state = make("p", "state" + (word === "failed" ? " bad" : ""), say(word));
    if (word === "failed") {
      const again = make("button", "again", say("resend"));
      again.type = "button";
      again.addEventListener("click", () => this.actions.again(one.id));
      state.append(again);
    }
    one.element.querySelector(".body").append(state);
  }

  // A line above the first message that nobody has looked at yet.
  divide(seq) {
    if (this.log.querySelector(".divider")) return;
    const first = this.rows.find((one) => one.seq === seq);
    if (!first) return;
    first.element.prepend(make("p", "divider", say("unread")));
  }

  undivide() {
    const line = this.log.querySelector(".divider");
    if (line) line.remove();
  }

  readUpTo(seq) {
    this.read = Math.max(this.read, seq);
    this.receipt();
  }

  // Below the last word of the customer: whether it has arrived, and whether a person has read it.
  receipt() {
    for (const old of Array.from(this.log.querySelectorAll(".receipt"))) old.remove();
    const mine = this.rows.filter((one) => one.message.sender === "contact" && one.seq !== Infinity);
    const last = mine[mine.length - 1];
    if (!last || this.rows[this.rows.length - 1] !== last) return;
    last.element.querySelector(".body").append(make("p", "state receipt", say(last.seq <= this.read ? "read" : "delivered")));
  }

  // Day dividers, times, groups, and which choices have been picked; elements are changed, never made anew.
  dress() {
    let before = null;
    let lastWord = -1;
    this.rows.forEach((one, index) => {
      if (one.message.sender === "contact") lastWord = index;
    });
    this.rows.forEach((one, index) => {
      const moment = new Date(one.message.sent_at);
      const earlier = before ? new Date(before.message.sent_at) : null;
      const newDay = !earlier || day(earlier) !== day(moment);
      const silence = !earlier || moment - earlier > GAP;
      const when = one.element.querySelector(".when");
      when.hidden = one.seq === Infinity || (!newDay && !silence);
      when.textContent = when.hidden ? "" : (newDay ? dayName(moment) + " " : "") + clock(moment);
      const joined = Boolean(before) && when.hidden && before.message.sender === one.message.sender;
      one.element.classList.toggle("joined", joined);
      one.element.classList.toggle("past", index < lastWord);
      if ((one.message.choices || []).length) this.pick(one, index);
      before = one;
    });
    this.receipt();
  }

  // Words on their way answer what stood there as they were written, and not what has come since.
  pick(one, index) {
    const answers = (later) => later.message.sender === "contact" && (later.seq !== Infinity || later.after >= one.seq);
    const reply = this.rows.slice(index + 1).find(answers);
    showPicked(one.element, reply ? reply.message.text : "");
  }
}
