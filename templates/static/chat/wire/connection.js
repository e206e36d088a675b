// Tells when the connection is lost and when it is back; a short loss is nobody's business.

import { say } from "../words.js";

const AWAY_MS = 2500;
const BACK_MS = 2000;

export class Connection {
  constructor(banner) {
    this.banner = banner;
    this.timer = 0;
  }

  live(is) {
    if (is) {
      clearTimeout(this.timer);
      this.timer = 0;
      if (!this.banner.hidden && this.banner.dataset.state === "away") this.back();
    } else if (!this.timer && (this.banner.hidden || this.banner.dataset.state === "back")) {
      this.timer = setTimeout(() => this.away(), navigator.onLine === false ? 0 : AWAY_MS);
    }
  }

  away() {
    this.timer = 0;
    this.show("away", say("offline"));
  }

  back() {
    this.show("back", say("back"));
    setTimeout(() => {
      if (this.banner.dataset.state === "back") this.banner.hidden = true;
    }, BACK_MS);
  }

  show(state, text) {
    this.banner.dataset.state = state;
    this.banner.textContent = text;
    this.banner.hidden = false;
  }
}
