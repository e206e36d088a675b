// Messages on their way to the door, in order: each has an id of its own, so that sending one twice changes nothing.

import { Sleep, pauseFor } from "./pace.js";

export function newId() {
  if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Outbox {
  // listener: sending(item), sent(item, answer), waiting(item), failed(item)
  constructor(keep, post, listener) {
    this.keep = keep;
    this.post = post;
    this.listener = listener;
    this.items = keep.read("outbox") || [];
    this.busy = false;
    this.attempt = 0;
    this.sleep = new Sleep();
  }

  add(text, choice, attachment) {
    const item = { id: newId(), text, choice: choice || "", at: new Date().toISOString(), failed: false };
    if (attachment) item.attachment = attachment;
    this.items.push(item);
    this.save();
    this.drain();
    return item;
  }

  again(id) {
    const item = this.items.find((one) => one.id === id);
    if (item) item.failed = false;
    this.hurry();
  }

  hurry() {
    this.attempt = 0;
    this.sleep.wake();
    this.drain();
  }

  async drain() {
    if (this.busy) return;
    this.busy = true;
    for (let item = this.next(); item; item = this.next()) await this.carry(item);
    this.busy = false;
  }

  next() {
    return this.items.find((item) => !item.failed);
  }

  async carry(item) {
    this.listener.sending(item);
    let answer = { status: 0, retry: null };
    try {
      answer = await this.post(item);
    } catch (away) {
      answer = { status: 0, retry: null };
    }
    if (answer.status === 200 || answer.status === 201) {
      this.attempt = 0;
      this.items = this.items.filter((one) => one.id !== item.id);
      this.save(item.id);
      this.listener.sent(item, answer.body);
    } else if (answer.status >= 400 && answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
      item.failed = true;
      this.save();
      this.listener.failed(item);
    } else {
      this.attempt += 1;
      this.listener.waiting(item);
      await this.sleep.rest(Math.max(pauseFor(this.attempt), Number(answer.retry || 0) * 1000));
    }
  }

  // Other windows of the same customer keep theirs in the same place.
  save(gone) {
    const mine = this.items.map((item) => item.id);
    const others = (this.keep.read("outbox") || []).filter((item) => item.id !== gone && !mine.includes(item.id));
    this.keep.write("outbox", others.concat(this.items).slice(-50));
  }
}
