// Who answered from which message on, so that an agent keeps their name after a reload.

const KEPT = 30;

export class Names {
  constructor(keep) {
    this.keep = keep;
    this.known = keep.read("agents") || [];
  }

  // From this message on a person of that name has the word.
  note(seq, name) {
    const last = this.known[this.known.length - 1];
    if (!name || (last && last[1] === name)) return;
    this.known = this.known.concat([[seq, name]]).slice(-KEPT);
    this.keep.write("agents", this.known);
  }

  of(seq) {
    const before = this.known.filter((one) => one[0] <= seq);
    return before.length ? before[before.length - 1][1] : "";
  }

  forget() {
    this.known = [];
    this.keep.remove("agents");
  }
}
