// Keeps the newest message in sight, unless the customer reads further up: then a button says what is new below.

import { say } from "../words.js";

const NEAR = 80; // Pixels from the end that still count as the end.

export class Scroll {
  constructor(stream, button) {
    this.stream = stream;
    this.button = button;
    this.unread = 0;
    this.near = true;
    stream.addEventListener("scroll", () => this.look(), { passive: true });
    button.addEventListener("click", () => this.toEnd());
    // A picture takes its room only when it is there; such an event does not bubble.
    stream.addEventListener("load", () => this.settle(), true);
    if ("ResizeObserver" in window) new ResizeObserver(() => this.near && this.toEnd()).observe(stream);
  }

  look() {
    this.near = this.stream.scrollHeight - this.stream.scrollTop - this.stream.clientHeight < NEAR;
    if (this.near) this.unread = 0;
    this.show();
  }

  grown(count) {
    if (this.near) return this.toEnd();
    this.unread += count;
    return this.show();
  }

  toEnd() {
    this.stream.scrollTop = this.stream.scrollHeight;
    this.near = true;
    this.unread = 0;
    this.show();
  }

  // What has no height while it is out of sight could not be scrolled.
  settle() {
    if (this.near) this.toEnd();
  }

  // Runs a change above the eye without moving what the eye reads.
  steady(change) {
    const below = this.stream.scrollHeight - this.stream.scrollTop;
    change();
    this.stream.scrollTop = this.stream.scrollHeight - below;
  }

  show() {
    this.button.hidden = this.near;
    this.button.textContent = this.unread ? say("new", { count: this.unread }) : say("latest");
  }
}
