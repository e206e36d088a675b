// The wire to the door: a session, messages there, and live messages back by socket or, where sockets fail, by long poll.

import { Sleep, ask, pauseFor } from "./pace.js";
import { settings } from "./words.js";

const TOKEN_UNKNOWN = 4401;
const DEAF_SOCKETS = 2; // Sockets in a row that brought nothing before polls take over.
const POLLS = 10; // Polls before a socket is tried again.

export class Wire {
  // listener: messages(list), standing(who), state("live" | "away"), typing(), read(seq), opened(), reset()
  constructor(base, keep, listener) {
    this.base = base;
    this.keep = keep;
    this.listener = listener;
    this.session = keep.read("session");
    this.seen = 0; // The last message of the ordered stream; replies that came with a post may run ahead of it.
    this.run = 0;
    this.attempt = 0;
    this.deaf = 0;
    this.sleep = new Sleep();
    this.socket = null;
    this.opening = null;
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
    this.run += 1;
    if (this.socket) this.socket.close();
    this.sleep.wake();
    this.live(this.run);
  }

  // Tries at once instead of resting any longer.
  hurry() {
    this.attempt = 0;
    this.sleep.wake();
  }

  forget() {
    this.session = null;
    this.keep.remove("session");
    this.renew();
  }

  renew() {
    this.run += 1;
    this.seen = 0;
    if (this.socket) this.socket.close();
    this.listener.reset();
  }

  headers() {
    return this.session ? { Authorization: "Bearer " + this.session.token } : {};
  }

  posted(body) {
    const headers = Object.assign({ "Content-Type": "application/json" }, this.headers());
    return { method: "POST", headers, body: JSON.stringify(body) };
  }

  async live(run) {
    let polls = 0;
    while (run === this.run && this.session) {
      if (this.deaf < DEAF_SOCKETS && "WebSocket" in window) {
        await this.listen(run);
      } else {
        await this.poll(run);
        polls += 1;
        if (polls % POLLS === 0) this.deaf = DEAF_SOCKETS - 1;
      }
      if (run !== this.run || !this.session) return;
      if (this.attempt > 0) {
        this.listener.state("away");
        await this.sleep.rest(pauseFor(this.attempt));
      }
    }
  }

  listen(run) {
    return new Promise((resolve) => {
      const url = new URL(this.base + "/socket", location.href);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      const socket = new WebSocket(url.href);
      let heard = false;
      this.socket = socket;
      socket.onopen = () => {
        const hello = { type: "hello", token: this.session.token, after_seq: this.seen, standing: true, typing: true, receipts: true };
        socket.send(JSON.stringify(hello));
      };
      socket.onmessage = (event) => {
        if (run !== this.run) return;
        heard = true;
        this.deaf = 0;
        this.attempt = 0;
        this.listener.state("live");
        this.take(JSON.parse(event.data));
      };
      socket.onclose = (event) => {
        if (run === this.run) {
          this.attempt += 1;
          if (!heard) this.deaf += 1;
          if (event.code === TOKEN_UNKNOWN) this.forget();
        }
        resolve();
      };
    });
  }

  async poll(run) {
    try {
      const url = this.base + "/messages?wait=25&after_seq=" + this.seen;
      const answer = await ask(url, { headers: this.headers() }, 40000);
      if (run !== this.run) return;
      if (answer.status === 401) return this.forget();
      if (answer.status !== 200) throw new Error("poll " + answer.status);
      const standing = await ask(this.base + "/standing", { headers: this.headers() }, 15000);
      if (run !== this.run) return;
      this.attempt = 0;
      this.listener.state("live");
      for (const message of answer.body.messages) this.take({ type: "message", message });
      if (standing.status === 200) this.listener.standing(standing.body);
    } catch (away) {
      this.attempt += 1;
    }
  }

  take(frame) {
    if (frame.type === "standing") this.listener.standing(frame);
    if (frame.type === "typing") this.listener.typing();
    if (frame.type === "read") this.listener.read(Number(frame.seq || frame.up_to || 0));
    if (frame.type !== "message" || frame.message.seq <= this.seen) return;
    this.seen = frame.message.seq;
    this.listener.messages([frame.message]);
  }
}
