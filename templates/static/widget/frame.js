// The frame of our origin inside the panel: it is loaded, spoken to and listened to, and told of when it does not open.

const PATIENCE = 15000; // Milliseconds until a frame that says nothing is taken for broken.

class Frame {
  // heard(word) is called for each word of the page inside.
  constructor(panel, heard) {
    this.panel = panel;
    this.heard = heard;
    this.element = null;
    this.ready = false;
    this.timer = 0;
    this.note = make("div", "note");
    panel.appendChild(this.note);
    this.hears = (event) => this.hear(event);
  }

  listen() {
    window.addEventListener("message", this.hears);
  }

  leave() {
    window.removeEventListener("message", this.hears);
    clearTimeout(this.timer);
    if (this.element) this.element.remove();
    this.element = null;
    this.ready = false;
  }

  load(page, title, words) {
    if (this.element) this.element.remove();
    this.ready = false;
    this.element = make("iframe", "", { title: title, allow: "clipboard-write" });
    this.element.src = page + "&embedded=1&origin=" + encodeURIComponent(location.origin);
    this.panel.insertBefore(this.element, this.note);
    this.note.textContent = "";
    this.note.removeAttribute("role");
    this.note.appendChild(make("span", "wait"));
    this.note.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tellBroken(page, title, words), PATIENCE);
  }

  tellBroken(page, title, words) {
    const again = make("button", "", { type: "button" });
    const alone = make("a", "", { href: page, target: "_blank", rel: "noopener" });
    const said = make("p");
    said.textContent = words.broken;
    again.textContent = words.again;
    alone.textContent = words.alone;
    again.addEventListener("click", () => this.load(page, title, words));
    this.note.textContent = "";
    [said, again, alone].forEach((part) => this.note.appendChild(part));
    this.note.setAttribute("role", "alert");
    emit("error", { reason: "unreachable" });
  }

  opened() {
    this.ready = true;
    clearTimeout(this.timer);
    this.note.hidden = true;
  }

  tell(word) {
    if (this.ready) this.element.contentWindow.postMessage(word, home);
  }

  hear(event) {
    const ours = this.element && event.source === this.element.contentWindow && event.origin === home;
    if (ours && event.data) this.heard(event.data);
  }
}
