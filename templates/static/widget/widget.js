// The element on the site: a launcher and a panel in a shadow root, as its attributes wish.

const REMEMBERED = 7 * 86400000; // Milliseconds for which a visitor's chat is listened to on later pages.
const SETTLED = 1500; // Milliseconds after which the site has loaded and a chat that waits may be loaded too.
const ATTRIBUTES = ["account", "lang", "label", "text", "position", "color", "text-color", "offset-x", "offset-y", "launcher", "z-index"];
const TALK = "M15 8h18a7 7 0 0 1 7 7v15a7 7 0 0 1-7 7h-6.5L20 42.5V37h-5a7 7 0 0 1-7-7V15a7 7 0 0 1 7-7zM20 16.5h8a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5h-8a2.5 2.5 0 0 1-2.5-2.5v-7a2.5 2.5 0 0 1 2.5-2.5z";
const FOLD = "M14 20l10 10 10-10";
// What of the site's style reaches an element of its own even through ``all: initial``.
const RULES = { all: "initial", direction: "ltr", "unicode-bidi": "isolate", position: "fixed", right: "0", bottom: "0", width: "0", height: "0" };

let widget = null; // The one on the page.
let proof = null; // A JWT, or a function that fetches one when it is needed.
let wished = false; // Whether the chat is to open as soon as there is one.

class Widget extends HTMLElement {
  static get observedAttributes() {
    return ATTRIBUTES;
  }

  constructor() {
    super();
    this.count = 0;
    this.quiet = true;
    this.before = null;
    this.shadow = this.attachShadow({ mode: "open" });
    dress(this.shadow);
    this.build();
    this.frame = new Frame(this.panel, (word) => this.heed(word));
    this.screen = new Screen(this.panel, () => this.opened);
    this.launcher.addEventListener("click", () => (this.opened ? this.close() : this.open()));
    this.shadow.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.opened) this.close();
    });
  }

  build() {
    this.box = make("div", "box");
    this.launcher = make("button", "launcher", { type: "button", "aria-expanded": "false" });
    this.text = make("span", "text");
    this.badge = make("span", "badge", { "aria-hidden": "true" });
    this.panel = make("div", "panel", { role: "dialog" });
    this.panel.hidden = true;
    [drawn("talk", TALK), drawn("fold", FOLD), this.text, this.badge].forEach((part) => this.launcher.appendChild(part));
    [this.panel, this.launcher].forEach((part) => this.box.appendChild(part));
    this.shadow.appendChild(this.box);
  }

  get opened() {
    return !this.panel.hidden;
  }

  get language() {
    const tag = (this.getAttribute("lang") || document.documentElement.lang || navigator.language || "").toLowerCase();
    if (/^zh-(tw|hk|mo|hant)/.test(tag)) return "zh-TW";
    return tag.slice(0, 2) === "zh" ? "zh" : "en";
  }

  get words() {
    return WORDS[this.language];
  }

  get label() {
    return this.getAttribute("label") || this.words.label;
  }

  get key() {
    return "huiying:" + this.getAttribute("account");
  }

  connectedCallback() {
    Object.keys(RULES).forEach((rule) => this.style.setProperty(rule, RULES[rule], "important"));
    this.frame.listen();
    this.screen.watch();
    this.show();
    if (widget && widget !== this) widget.remove();
    widget = this;
    this.resume();
  }

  // Nothing of ours goes on when a site of one page takes the element away: no listener, no timer, no connection.
  disconnectedCallback() {
    this.panel.hidden = true;
    this.frame.leave();
    this.screen.leave();
    if (widget === this) widget = null;
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.isConnected) return;
    this.show();
    if ((name === "account" || name === "lang") && this.frame.element) this.load();
  }

  show() {
    const colour = this.getAttribute("color");
    this.box.className = "box" + (this.getAttribute("position") === "left" ? " left" : "") + (this.opened ? " open" : "");
    this.style.setProperty("z-index", this.getAttribute("z-index") || "2147483000", "important");
    this.paint("--brand", colour);
    this.paint("--on-brand", this.getAttribute("text-color") || (colour && inkOn(colour)));
    this.paint("--x", this.pixels("offset-x"));
    this.paint("--y", this.pixels("offset-y"));
    this.launcher.hidden = this.getAttribute("launcher") === "none";
    this.text.textContent = this.getAttribute("text") || "";
    this.text.hidden = !this.text.textContent;
    this.badge.hidden = !this.count || this.opened;
    this.badge.textContent = this.count > 99 ? "99+" : String(this.count);
    this.panel.setAttribute("aria-label", this.label);
    this.launcher.setAttribute("aria-expanded", String(this.opened));
    const told = this.count ? this.label + this.words.unread.replace("{count}", this.count) : this.label;
    this.launcher.setAttribute("aria-label", this.opened ? this.words.close : told);
  }

  paint(name, value) {
    if (value) this.style.setProperty(name, value);
    else this.style.removeProperty(name);
  }

  pixels(name) {
    const value = parseInt(this.getAttribute(name), 10);
    return value >= 0 ? value + "px" : "";
  }

  // A chat that was open on the page before is open again; one that was begun is listened to.
  resume() {
    const talked = Number(stored("localStorage", this.key + ":talked") || 0);
    if (wished || (stored("sessionStorage", this.key + ":open") && !this.screen.small)) this.open(!wished);
    else if (Date.now() - talked < REMEMBERED) setTimeout(() => this.frame.element || !this.isConnected || this.load(), SETTLED);
    wished = false;
  }

  load() {
    const account = encodeURIComponent(this.getAttribute("account"));
    const query = "?lang=" + this.language + (proof ? "&known=1" : "");
    this.frame.load(home + "/chat/" + account + query, this.label, this.words);
  }

  open(quietly) {
    if (this.opened) return;
    this.quiet = quietly === true;
    this.before = document.activeElement;
    this.panel.hidden = false;
    this.count = 0;
    if (!this.frame.element) this.load();
    this.show();
    this.screen.fit();
    stored("sessionStorage", this.key + ":open", "1");
    if (!this.quiet) this.frame.element.focus();
    this.frame.tell({ huiying: "open", quiet: this.quiet });
    emit("open");
  }

  close() {
    if (!this.opened) return;
    const held = document.activeElement === this; // Where the site has the focus, it keeps it.
    this.panel.hidden = true;
    this.show();
    this.screen.fit();
    stored("sessionStorage", this.key + ":open", null);
    this.frame.tell({ huiying: "closed" });
    if (held) (this.launcher.hidden && this.before ? this.before : this.launcher).focus();
    emit("close");
  }

  heed(word) {
    if (word.huiying === "ready") this.begin();
    if (word.huiying === "close") this.close();
    if (word.huiying === "talked") stored("localStorage", this.key + ":talked", String(Date.now()));
    if (word.huiying === "identified") emit("identified", { ok: word.ok === true });
    if (word.huiying === "unread" && !this.opened) {
      const count = Number(word.count) || 0;
      const told = count !== this.count;
      this.count = count;
      this.show();
      if (told) emit("unread", { count: count });
    }
  }

  begin() {
    this.frame.opened();
    this.frame.tell({ huiying: this.opened ? "open" : "closed", quiet: this.quiet });
    if (proof) this.identify();
    emit("ready");
  }

  identify() {
    this.frame.tell({ huiying: "identifying" });
    const asked = typeof proof === "function" ? Promise.resolve().then(proof) : Promise.resolve(proof);
    asked.then(
      (jwt) => this.frame.tell({ huiying: "identify", jwt: String(jwt) }),
      () => {
        this.frame.tell({ huiying: "unknown" });
        emit("identified", { ok: false });
      }
    );
  }

  logOut() {
    stored("localStorage", this.key + ":talked", null);
    if (!this.frame.element) this.load();
    if (this.frame.ready) this.frame.tell({ huiying: "logout" });
    else on("ready", function once() {
      off("ready", once);
      if (widget) widget.frame.tell({ huiying: "logout" });
    });
  }
}
