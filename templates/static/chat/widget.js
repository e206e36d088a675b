// Puts the chat on any site:
//   <script async src="https://OUR-HOST/widget.js" data-account="NAME"></script>
//   Huiying("open"), Huiying("identify", jwt), Huiying("on", "unread", function (event) { … })
// docs/widget.md tells the rest. Only syntax of ES2019, no library; the chat itself runs in a frame of our origin.

(function () {
  "use strict";
  // The server puts widget.css and the words of every language in here.
  const WORDS = null;
  const PATIENCE = 15000; // Milliseconds until a frame that says nothing is taken for broken.
  const REMEMBERED = 7 * 86400000; // Milliseconds for which a visitor's chat is listened to on later pages.
  const TAG = "huiying-widget";
  const STYLE = null;
  const earlier = window.Huiying;
  if (earlier && earlier.loaded) return;
  const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
  const home = new URL(script.src).origin;
  const listeners = {};
  let widget = null;
  let proof = null; // A JWT, or a function that fetches one when it is needed.
  let wished = false; // Whether the chat is to open as soon as there is one.

  function emit(name, detail) {
    (listeners[name] || []).slice().forEach((listener) => {
      try {
        listener(detail);
      } catch (error) {
        setTimeout(() => { throw error; }); // The site's own mistake must be seen, and must not break the chat.
      }
    });
  }

  function stored(store, key, value) {
    try {
      const kept = window[store];
      if (value === undefined) return kept.getItem(key);
      if (value === null) kept.removeItem(key);
      else kept.setItem(key, value);
    } catch (blocked) {
      return null;
    }
    return value;
  }

  function make(tag, name, attributes) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    Object.keys(attributes || {}).forEach((key) => element.setAttribute(key, attributes[key]));
    return element;
  }

  function drawn(name, box, path) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const shape = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", box);
    svg.setAttribute("class", name);
    svg.setAttribute("aria-hidden", "true");
    shape.setAttribute("d", path);
    svg.appendChild(shape);
    return svg;
  }

  // Black or white, whichever is easier to read on a colour (WCAG 2.2, relative luminance).
  function inkOn(colour) {
    const found = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour.trim());
    if (!found) return "#fff";
    const digits = found[1].length === 3 ? found[1].replace(/./g, "$&$&") : found[1];
    const light = [0, 2, 4].map((at) => {
      const part = parseInt(digits.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] > 0.179 ? "#000" : "#fff";
  }

  function dress(root) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet]; // Allowed under any policy of the site; older browsers have a style element.
    } catch (old) {
      const style = make("style");
      if (script.nonce) style.setAttribute("nonce", script.nonce);
      style.textContent = STYLE;
      root.appendChild(style);
    }
  }

  class Widget extends HTMLElement {
    static get observedAttributes() {
      return ["account", "lang", "label", "text", "position", "color", "text-color", "offset-x", "offset-y", "launcher", "z-index"];
    }

    constructor() {
      super();
      this.frame = null;
      this.ready = false;
      this.timer = 0;
      this.count = 0;
      this.before = null;
      this.shadow = this.attachShadow({ mode: "open" });
      dress(this.shadow);
      this.box = make("div", "box");
      this.launcher = make("button", "launcher", { type: "button", "aria-expanded": "false" });
      this.launcher.appendChild(drawn("talk", "0 0 48 48", "M15 8h18a7 7 0 0 1 7 7v15a7 7 0 0 1-7 7h-6.5L20 42.5V37h-5a7 7 0 0 1-7-7V15a7 7 0 0 1 7-7zM20 16.5h8a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5h-8a2.5 2.5 0 0 1-2.5-2.5v-7a2.5 2.5 0 0 1 2.5-2.5z"));
      this.launcher.appendChild(drawn("fold", "0 0 48 48", "M14 20l10 10 10-10"));
      this.launcher.appendChild(this.text = make("span", "text"));
      this.launcher.appendChild(this.badge = make("span", "badge", { "aria-hidden": "true" }));
      this.panel = make("div", "panel", { role: "dialog" });
      this.note = make("div", "note");
      this.panel.appendChild(this.note);
      this.panel.hidden = true;
      this.box.appendChild(this.panel);
      this.box.appendChild(this.launcher);
      this.shadow.appendChild(this.box);
      this.launcher.addEventListener("click", () => (this.opened ? this.close() : this.open()));
      this.shadow.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.opened) this.close();
      });
      this.hears = (event) => this.hear(event);
      this.fits = () => this.fit();
    }

    get opened() {
      return !this.panel.hidden;
    }

    connectedCallback() {
      const rules = { all: "initial", position: "fixed", right: "0", bottom: "0", width: "0", height: "0" };
      Object.keys(rules).forEach((rule) => this.style.setProperty(rule, rules[rule], "important"));
      window.addEventListener("message", this.hears);
      if (window.visualViewport) window.visualViewport.addEventListener("resize", this.fits);
      this.show();
      if (widget && widget !== this) widget.remove();
      widget = this;
      this.resume();
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.hears);
      if (window.visualViewport) window.visualViewport.removeEventListener("resize", this.fits);
      clearTimeout(this.timer);
      this.lock(false);
      if (widget === this) widget = null;
    }

    attributeChangedCallback(name, before, after) {
      if (before === after || !this.box) return;
      this.show();
      if ((name === "account" || name === "lang") && this.frame) this.load();
    }

    show() {
      const words = WORDS[this.language] || WORDS[Object.keys(WORDS)[0]];
      const colour = this.getAttribute("color");
      const label = this.getAttribute("label") || words.label;
      this.words = words;
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
      this.panel.setAttribute("aria-label", label);
      this.launcher.setAttribute("aria-expanded", String(this.opened));
      this.launcher.setAttribute("aria-label", this.opened ? words.close : this.count ? label + words.unread.replace("{count}", this.count) : label);
    }

    paint(name, value) {
      if (value) this.style.setProperty(name, value);
      else this.style.removeProperty(name);
    }

    pixels(name) {
      const value = parseInt(this.getAttribute(name), 10);
      return value >= 0 ? value + "px" : "";
    }

    get language() {
      const tag = (this.getAttribute("lang") || document.documentElement.lang || navigator.language || "").toLowerCase();
      if (/^zh-(tw|hk|mo|hant)/.test(tag)) return "zh-TW";
      return tag.slice(0, 2) === "zh" ? "zh" : "en";
    }

    get key() {
      return "huiying:" + this.getAttribute("account");
    }

    // A chat that was open on the page before is open again; one that was begun is listened to.
    resume() {
      const talked = Number(stored("localStorage", this.key + ":talked") || 0);
      if (wished || (stored("sessionStorage", this.key + ":open") && !this.small)) this.open(!wished);
      else if (Date.now() - talked < REMEMBERED) setTimeout(() => this.frame || !this.isConnected || this.load(), 1500);
      wished = false;
    }

    get small() {
      return window.innerWidth < 520 || window.innerHeight < 480;
    }

    get page() {
      return home + "/chat/" + encodeURIComponent(this.getAttribute("account")) + "?lang=" + this.language;
    }

    load() {
      if (this.frame) this.frame.remove();
      this.ready = false;
      this.frame = make("iframe", "", { title: this.panel.getAttribute("aria-label"), allow: "clipboard-write" });
      this.frame.src = this.page + "&embedded=1&origin=" + encodeURIComponent(location.origin);
      this.panel.insertBefore(this.frame, this.note);
      this.tellWaiting();
    }

    tellWaiting() {
      this.note.textContent = "";
      this.note.appendChild(make("span", "wait"));
      this.note.hidden = false;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.tellBroken(), PATIENCE);
    }

    tellBroken() {
      const again = make("button", "", { type: "button" });
      const alone = make("a", "", { href: this.page, target: "_blank", rel: "noopener" });
      const said = make("p");
      said.textContent = this.words.broken;
      again.textContent = this.words.again;
      alone.textContent = this.words.alone;
      again.addEventListener("click", () => this.load());
      this.note.textContent = "";
      [said, again, alone].forEach((part) => this.note.appendChild(part));
      this.note.setAttribute("role", "alert");
      emit("error", { reason: "unreachable" });
    }

    open(quietly) {
      if (this.opened) return;
      this.before = document.activeElement;
      this.panel.hidden = false;
      this.count = 0;
      if (!this.frame) this.load();
      this.show();
      this.fit();
      this.lock(true);
      stored("sessionStorage", this.key + ":open", "1");
      if (!quietly) this.frame.focus();
      this.tell({ huiying: "open", quiet: quietly === true });
      emit("open");
    }

    close() {
      if (!this.opened) return;
      this.panel.hidden = true;
      this.show();
      this.lock(false);
      stored("sessionStorage", this.key + ":open", null);
      this.tell({ huiying: "closed" });
      const back = this.launcher.hidden && this.before ? this.before : this.launcher;
      back.focus();
      emit("close");
    }

    // On a telephone the panel is the screen: what is behind it stays put, and the keyboard does not cover it.
    lock(on) {
      const root = document.documentElement;
      if (on && this.small) root.style.setProperty("overflow", "hidden");
      else if (!on) root.style.removeProperty("overflow");
    }

    fit() {
      const seen = window.visualViewport;
      const shrunk = this.opened && this.small && seen && seen.scale === 1;
      this.panel.style.height = shrunk ? seen.height + "px" : "";
      this.panel.style.transform = shrunk && seen.offsetTop ? "translateY(" + seen.offsetTop + "px)" : "";
    }

    tell(word) {
      if (this.ready) this.frame.contentWindow.postMessage(word, home);
    }

    hear(event) {
      if (!this.frame || event.source !== this.frame.contentWindow || event.origin !== home || !event.data) return;
      const told = event.data;
      if (told.huiying === "ready") this.begin();
      if (told.huiying === "close") this.close();
      if (told.huiying === "talked") stored("localStorage", this.key + ":talked", String(Date.now()));
      if (told.huiying === "identified") emit("identified", { ok: told.ok === true });
      if (told.huiying === "unread" && !this.opened) {
        const count = Number(told.count) || 0;
        if (count !== this.count) emit("unread", { count: count });
        this.count = count;
        this.show();
      }
    }

    begin() {
      this.ready = true;
      clearTimeout(this.timer);
      this.note.hidden = true;
      this.tell({ huiying: this.opened ? "open" : "closed", quiet: true });
      if (proof) this.identify();
      emit("ready");
    }

    identify() {
      const asked = typeof proof === "function" ? Promise.resolve().then(proof) : Promise.resolve(proof);
      asked.then(
        (jwt) => this.tell({ huiying: "identify", jwt: String(jwt) }),
        () => emit("identified", { ok: false })
      );
    }
  }

  function init(options) {
    if (widget || !options || !options.account) return;
    const element = document.createElement(TAG);
    const names = { textColor: "text-color", offsetX: "offset-x", offsetY: "offset-y", zIndex: "z-index" };
    if (options.jwt) proof = options.jwt;
    Object.keys(options).forEach((name) => {
      const attribute = names[name] || name;
      if (Widget.observedAttributes.indexOf(attribute) >= 0) element.setAttribute(attribute, String(options[name]));
    });
    const place = () => widget || document.body.appendChild(element);
    if (document.body) place();
    else document.addEventListener("DOMContentLoaded", place);
  }

  const verbs = {
    init: init,
    open: () => (widget ? widget.open() : (wished = true)),
    close: () => (widget ? widget.close() : (wished = false)),
    toggle: () => (widget && widget.opened ? verbs.close() : verbs.open()),
    identify: (jwt) => {
      proof = jwt;
      if (widget && widget.ready) widget.identify();
    },
    logout: () => {
      proof = null;
      if (!widget) return;
      stored("localStorage", widget.key + ":talked", null);
      if (!widget.frame) widget.load();
      if (widget.ready) widget.tell({ huiying: "logout" });
      else verbs.on("ready", function once() {
        verbs.off("ready", once);
        widget.tell({ huiying: "logout" });
      });
    },
    locale: (tag) => widget && widget.setAttribute("lang", tag),
    on: (name, listener) => (listeners[name] = (listeners[name] || []).concat(listener)),
    off: (name, listener) => (listeners[name] = (listeners[name] || []).filter((one) => one !== listener)),
  };

  function Huiying(verb) {
    if (!Object.prototype.hasOwnProperty.call(verbs, verb)) throw new Error("Huiying knows no " + verb);
    verbs[verb].apply(null, Array.prototype.slice.call(arguments, 1));
  }
  Huiying.loaded = true;
  window.Huiying = Huiying;
  if (!customElements.get(TAG)) customElements.define(TAG, Widget);

  // What the page asked for before we were here; init first, whatever the order.
  const asked = Array.prototype.slice.call((earlier && earlier.q) || []).map((words) => Array.prototype.slice.call(words));
  asked.filter((words) => words[0] === "init").forEach((words) => Huiying.apply(null, words));
  const given = script.dataset;
  if (given.account) init(given);
  asked.filter((words) => words[0] !== "init").forEach((words) => Huiying.apply(null, words));
})();
