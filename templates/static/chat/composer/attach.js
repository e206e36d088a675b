// Files on their way: picked, dropped or pasted, uploaded one after the other, then sent as messages of their own.

import { make } from "../make.js";
import { say, settings } from "../words.js";

const byId = (id) => document.getElementById(id);
const KINDS = [415, 422];

export class Attach {
  // actions: allowed(go), send(file), wrong(text)
  constructor(wire, actions) {
    this.wire = wire;
    this.actions = actions;
    this.waiting = [];
    this.busy = false;
    if (!settings.file_limit) return;
    const picker = byId("file");
    byId("attach").hidden = false;
    byId("attach").addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      this.take(Array.from(picker.files));
      picker.value = "";
    });
    byId("text").addEventListener("paste", (event) => {
      const files = Array.from((event.clipboardData && event.clipboardData.files) || []);
      if (!files.length) return;
      event.preventDefault();
      this.take(files);
    });
    const chat = byId("chat");
    chat.addEventListener("dragover", (event) => event.preventDefault());
    chat.addEventListener("drop", (event) => {
      event.preventDefault();
      this.take(Array.from(event.dataTransfer.files));
    });
  }

  take(files) {
    const fit = files.filter((file) => file.size <= settings.file_limit);
    const large = files.find((file) => file.size > settings.file_limit);
    if (large) this.actions.wrong(say("attach.big", { name: large.name, limit: Math.floor(settings.file_limit / 1048576) }));
    if (!fit.length) return;
    this.actions.allowed(() => {
      this.waiting = this.waiting.concat(fit);
      this.drain();
    });
  }

  async drain() {
    if (this.busy) return;
    this.busy = true;
    for (let file = this.waiting.shift(); file; file = this.waiting.shift()) await this.carry(file);
    this.busy = false;
  }

  async carry(file) {
    const line = make("p", "upload", say("attach.sending", { percent: 0 }));
    byId("shortcuts").before(line);
    try {
      const answer = await this.wire.upload(file, (percent) => (line.textContent = say("attach.sending", { percent })));
      if (answer.status === 201) this.actions.send(Object.assign({}, answer.body, { url: URL.createObjectURL(file) }));
      else this.actions.wrong(this.why(answer.status, file.name));
    } catch (away) {
      this.actions.wrong(this.why(0, file.name));
    }
    line.remove();
  }

  why(status, name) {
    if (status === 413) return say("attach.big", { name, limit: Math.floor(settings.file_limit / 1048576) });
    return say(KINDS.includes(status) ? "attach.kind" : "attach.failed", { name });
  }
}
