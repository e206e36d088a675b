// The wire to the door: a session, messages and files there, and what was said before; live.js brings what comes.

import { Live } from "./live.js";
import { ask } from "./pace.js";
import { settings } from "../words.js";

const KNOWN_WITHIN = 10000; // Milliseconds that words wait for the site to say whose they are.

export class Wire {
  // listener: messages(list), standing(who), state("live" | "away"), typing(), read(seq), opened(), reset()
  constructor(base, keep, listener) {
    this.base = base;
    this.keep = keep;
    this.listener = listener;
    this.session = keep.read("session");
    this.seen = 0; // The last message of the ordered stream; replies that came with a post may run ahead of it.
    this.opening = null;
    this.expected = null; // Settled when the site has said who the visitor is.
    this.known = () => {};
    this.live = new Live(this, listener);
  }

  // The site is about to say who the visitor is: until then nothing is sent in anybody else's name.
  expect() {
    if (this.expected) return;
    this.expected = new Promise((known) => {
      const timer = setTimeout(() => this.known(), KNOWN_WITHIN);
      this.known = () => {
        clearTimeout(timer);
        this.expected = null;
        known();
      };
    });
  }

  // Opens the session of whom the site has proved; what was opened meanwhile for a stranger gives way.
  async identify(jwt) {
    this.expect();
    if (this.opening) await this.opening.catch(() => null);
    return this.open(jwt).finally(() => this.known());
  }

  async open(jwt) {
    const answer = await ask(this.base + "/sessions", this.posted(jwt ? { jwt } : {}), 15000);
    if (answer.status !== 201) return answer;
    const changed = this.session && this.session.contact !== answer.body.contact;
    this.session = answer.body;
    this.keep.write("session", this.session);
    if (changed) this.renew();
    this.listener.opened();
    return answer;
  }

  // Opens a session where there is none; returns the door's answer where it would not.
  async admit() {
    await this.expected;
    if (this.session) return null;
    this.opening = this.opening || this.open().finally(() => (this.opening = null));
    const answer = await this.opening;
    if (!this.session) return answer;
    this.connect();
    return null;
  }

  // Uploads a file and tells how far it has got; a request of the old kind, for the new one cannot tell.
  async upload(file, progress) {
    const refused = await this.admit();
    if (refused) return refused;
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("file", file, file.name);
      request.open("POST", this.base + "/files");
      request.setRequestHeader("Authorization", this.headers().Authorization);
      request.timeout = 120000;
      request.upload.onprogress = (event) => progress(Math.round((100 * event.loaded) / event.total));
      request.onload = () => resolve({ status: request.status, body: request.status === 201 ? JSON.parse(request.responseText) : {} });
      request.onerror = request.ontimeout = request.onabort = reject;
      request.send(form);
    });
  }

  // Sends one message; the first one of a visitor opens the session.
  async post(item) {
    const refused = await this.admit();
    if (refused) return refused;
    const body = { client_msg_id: item.id, text: item.text, language: settings.language };
    if (item.choice) body.choice = item.choice;
    if (item.attachment) body.attachment = item.attachment.id;
    const answer = await ask(this.base + "/messages", this.posted(body), 20000);
    if (answer.status === 401) this.forget();
    return answer;
  }

  // The last messages ahead of a number, or simply the last ones.
  async history(before, limit) {
    const query = "before_seq=" + (before || Number.MAX_SAFE_INTEGER) + (limit ? "&limit=" + limit : "");
    const answer = await ask(this.base + "/messages?" + query, { headers: this.headers() }, 15000);
    if (answer.status === 401) this.forget();
    if (answer.status !== 200) throw new Error("history " + answer.status);
    for (const message of answer.body.messages) this.seen = Math.max(this.seen, message.seq);
    return answer.body.messages;
  }

  // Puts on record what the visitor has agreed to; once for each session and notice.
  async agree(notice) {
    if (!this.session || this.session.agreed === notice) return;
    const session = this.session;
    try {
      const answer = await ask(this.base + "/agreement", this.posted({}), 15000);
      if (answer.status !== 204 || session !== this.session) return;
      session.agreed = notice;
      this.keep.write("session", session);
    } catch (away) {
      return; // The next page asks again.
    }
  }

  // (Re)starts the live stream.
  connect() {
    this.live.start();
  }

  // Ends the session at the door as well; where that is out of reach, it ends by its age.
  async end() {
    const headers = this.headers();
    this.forget();
    try {
      await ask(this.base + "/sessions", { method: "DELETE", headers }, 10000);
    } catch (away) {
      return;
    }
  }

  forget() {
    this.session = null;
    this.keep.remove("session");
    this.renew();
  }

  renew() {
    this.seen = 0;
    this.live.stop();
    this.listener.reset();
  }

  headers() {
    return this.session ? { Authorization: "Bearer " + this.session.token } : {};
  }

  posted(body) {
    const headers = Object.assign({ "Content-Type": "application/json" }, this.headers());
    return { method: "POST", headers, body: JSON.stringify(body) };
  }
}
