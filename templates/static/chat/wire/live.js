// What comes by itself: messages in order and who has the word, by socket or, where sockets fail, by long poll.

import { Sleep, ask, pauseFor } from "./pace.js";

const TOKEN_UNKNOWN = 4401;
const DEAF_SOCKETS = 2; // Sockets in a row that brought nothing before polls take over.
const POLLS = 10; // Polls before a socket is tried again.

export class Live {
  // wire: whose session it is and how far its stream has been seen; listener: as the wire's.
  constructor(wire, listener) {
    this.wire = wire;
    this.listener = listener;
    this.run = 0;
    this.attempt = 0;
    this.deaf = 0;
    this.sleep = new Sleep();
    this.socket = null;
  }

  start() {
    this.stop();
    this.sleep.wake();
    this.go(this.run);
  }

  stop() {
    this.run += 1;
    if (this.socket) this.socket.close();
  }

  // Tries at once instead of resting any longer.
  hurry() {
    this.attempt = 0;
    this.sleep.wake();
  }

  // Says something to the door that may be lost; whether it went off.
  tell(frame) {
    if (!this.socket || this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  async go(run) {
    let polls = 0;
    while (run === this.run && this.wire.session) {
      if (this.deaf < DEAF_SOCKETS && "WebSocket" in window) {
        await this.listen(run);
      } else {
        await this.poll(run);
        polls += 1;
        if (polls % POLLS === 0) this.deaf = DEAF_SOCKETS - 1;
      }
      if (run !== this.run || !this.wire.session) return;
      if (this.attempt > 0) {
        this.listener.state("away");
        await this.sleep.rest(pauseFor(this.attempt));
      }
    }
  }

  listen(run) {
    return new Promise((resolve) => {
      const url = new URL(this.wire.base + "/socket", location.href);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      const socket = new WebSocket(url.href);
      let heard = false;
      this.socket = socket;
      socket.onopen = () => {
        const { token } = this.wire.session;
        this.tell({ type: "hello", token, after_seq: this.wire.seen, standing: true, typing: true, receipts: true });
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
          if (event.code === TOKEN_UNKNOWN) this.wire.forget();
        }
        resolve();
      };
    });
  }

  async poll(run) {
    const headers = this.wire.headers();
    try {
      const url = this.wire.base + "/messages?wait=25&after_seq=" + this.wire.seen;
      const answer = await ask(url, { headers }, 40000);
      if (run !== this.run) return;
      if (answer.status === 401) return this.wire.forget();
      if (answer.status !== 200) throw new Error("poll " + answer.status);
      const standing = await ask(this.wire.base + "/standing", { headers }, 15000);
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
    if (frame.type === "read") this.listener.read(Number(frame.seq || 0));
    if (frame.type !== "message" || frame.message.seq <= this.wire.seen) return;
    this.wire.seen = frame.message.seq;
    this.listener.messages([frame.message]);
  }
}
