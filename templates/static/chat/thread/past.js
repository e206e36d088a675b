// What was said before: shown at the start and, page by page, on request; never read out by itself.

const QUIET = 100; // Milliseconds after which what is put into the log counts as new.

export class Past {
  // listener: talked(is), away()
  constructor(parts, listener) {
    this.wire = parts.wire;
    this.thread = parts.thread;
    this.unseen = parts.unseen;
    this.scroll = parts.scroll;
    this.log = parts.log;
    this.button = parts.button;
    this.listener = listener;
    this.button.addEventListener("click", () => this.earlier());
  }

  clear() {
    this.button.hidden = true;
  }

  // Returns whether there was anything; where nobody can say, it is as if there were.
  async show() {
    try {
      const messages = await this.wire.history();
      const seen = this.unseen.seen;
      this.add(messages);
      const fresh = messages.find((message) => message.seq > seen && message.sender !== "contact");
      if (seen && fresh) this.thread.divide(fresh.seq);
      if (messages.length) this.unseen.came([messages[messages.length - 1]]);
      this.listener.talked(messages.length > 0);
      this.scroll.toEnd();
      return messages.length > 0;
    } catch (unreachable) {
      this.listener.away();
      return true;
    }
  }

  async earlier() {
    this.button.disabled = true;
    this.log.setAttribute("aria-live", "off");
    try {
      const messages = await this.wire.history(this.thread.oldest);
      this.scroll.steady(() => this.add(messages));
    } catch (unreachable) {
      this.listener.away();
    }
    this.button.disabled = false;
    this.listenAloud();
  }

  add(messages) {
    this.thread.add(messages, false);
    this.button.hidden = !messages.length || this.thread.oldest <= 1;
  }

  // Only what comes from now on is read out.
  listenAloud() {
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), QUIET);
  }
}
