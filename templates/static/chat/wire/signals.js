// What the desk learns of a customer who says nothing: that they write, and how far they have read. Losing it is no harm.

const WRITING_MS = 2000;

export class Signals {
  constructor(live) {
    this.live = live;
    this.wrote = 0;
    this.told = "";
  }

  writing() {
    const now = Date.now();
    if (now - this.wrote < WRITING_MS) return;
    if (this.live.tell({ type: "typing" })) this.wrote = now;
  }

  // Numbers of the last message that has arrived, and of the last that has been in sight.
  reached(delivered, read) {
    const same = delivered + ":" + read;
    if (!delivered || same === this.told) return;
    if (this.live.tell({ type: "receipts", delivered, read: Math.min(read, delivered) })) this.told = same;
  }
}
