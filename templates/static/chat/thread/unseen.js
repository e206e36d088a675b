// Counts what has come while nobody looked, for the title and the widget's badge, and remembers what has been seen.

import { tell } from "../frame.js";

const title = document.title;

export class Unseen {
  // looking() says whether the conversation is in sight; reached(delivered, read) is told how far it has been.
  constructor(keep, looking, reached) {
    this.keep = keep;
    this.looking = looking;
    this.reached = reached;
    this.count = 0;
    this.last = 0;
  }

  // The number of the last message that has been in sight.
  get seen() {
    return Number(this.keep.read("seen") || 0);
  }

  came(messages) {
    for (const message of messages) this.last = Math.max(this.last, message.seq);
    if (this.looking()) this.see();
    else this.count += messages.filter((message) => message.sender !== "contact").length;
    this.show();
  }

  see() {
    this.count = 0;
    if (this.last > this.seen) this.keep.write("seen", this.last);
    this.show();
  }

  forget() {
    this.count = this.last = 0;
    this.keep.remove("seen");
    this.show();
  }

  show() {
    document.title = this.count ? "(" + this.count + ") " + title : title;
    tell({ huiying: "unread", count: this.count });
    this.reached(this.last, this.seen);
  }
}
