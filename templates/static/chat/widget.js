// Puts the chat on any site: <script async src="https://OUR-HOST/widget.js" data-account="NAME"></script>
// Huiying.init({account, lang, jwt, label}), Huiying.open(), Huiying.close(), Huiying.identify(jwt)

(function () {
  "use strict";
  if (window.Huiying) return;
  var script = document.currentScript;
  var home = new URL(script.src).origin;
  var launcher = null;
  var badge = null;
  var frame = null;
  var options = {};
  var ready = false;

  function style(element, rules) {
    for (var name in rules) element.style.setProperty(name, rules[name], "important");
  }

  function icon() {
    var space = "http://www.w3.org/2000/svg";
    var svg = document.createElementNS(space, "svg");
    var bubble = document.createElementNS(space, "path");
    var heart = document.createElementNS(space, "rect");
    svg.setAttribute("viewBox", "0 0 48 48");
    svg.setAttribute("width", "32");
    svg.setAttribute("aria-hidden", "true");
    bubble.setAttribute("d", "M15 8h18a7 7 0 0 1 7 7v15a7 7 0 0 1-7 7h-6.5L20 42.5V37h-5a7 7 0 0 1-7-7V15a7 7 0 0 1 7-7z");
    var box = { x: 17.5, y: 16.5, width: 13, height: 12, rx: 2.5 };
    for (var name in box) heart.setAttribute(name, box[name]);
    [bubble, heart].forEach(function (shape) {
      shape.setAttribute("fill", "none");
      shape.setAttribute("stroke", "currentColor");
      shape.setAttribute("stroke-width", "3.6");
      shape.setAttribute("stroke-linejoin", "round");
      svg.appendChild(shape);
    });
    return svg;
  }

  function title() {
    return options.label || (options.lang === "en" ? "Chat with us" : "在线客服");
  }

  function build() {
    launcher = document.createElement("button");
    launcher.type = "button";
    launcher.setAttribute("aria-label", title());
    launcher.setAttribute("aria-expanded", "false");
    style(launcher, {
      all: "initial", position: "fixed", right: "20px", bottom: "20px", width: "56px", height: "56px", display: "grid",
      "place-items": "center", "border-radius": "18px", background: "#0b6e63", color: "#fff", cursor: "pointer",
      "box-shadow": "0 8px 28px rgba(7,81,74,.35)", "z-index": "2147483000",
    });
    badge = document.createElement("span");
    badge.hidden = true;
    style(badge, {
      position: "absolute", top: "-6px", right: "-6px", "min-width": "20px", "line-height": "20px", "border-radius": "10px",
      background: "#b3261e", color: "#fff", font: "600 12px/20px system-ui, sans-serif", "text-align": "center",
    });
    launcher.appendChild(icon());
    launcher.appendChild(badge);
    launcher.addEventListener("click", function () {
      if (frame && frame.style.display !== "none") close();
      else open();
    });
    launcher.addEventListener("focus", function () {
      style(launcher, { outline: "3px solid #8fe0d2", "outline-offset": "2px" });
    });
    launcher.addEventListener("blur", function () {
      style(launcher, { outline: "none" });
    });
    document.body.appendChild(launcher);
    show(0);
  }

  function unfold() {
    frame = document.createElement("iframe");
    frame.src = home + "/chat/" + encodeURIComponent(options.account) + (options.lang ? "?lang=" + options.lang : "");
    frame.title = title();
    document.body.appendChild(frame);
    fit();
    window.addEventListener("resize", fit);
  }

  function fit() {
    var hidden = frame.style.display === "none";
    var small = window.innerWidth < 520;
    style(frame, {
      all: "initial", position: "fixed", "z-index": "2147483001", border: "0", display: hidden ? "none" : "block",
      right: small ? "0" : "20px", bottom: small ? "0" : "88px", width: small ? "100%" : "400px",
      height: small ? "100%" : "min(680px, calc(100vh - 108px))", "border-radius": small ? "0" : "20px",
      "box-shadow": "0 16px 56px rgba(27,37,35,.28)", background: "#fff", "color-scheme": "light dark",
    });
  }

  function show(count) {
    badge.textContent = count > 99 ? "99+" : String(count);
    style(badge, { display: count ? "block" : "none" });
  }

  function tell(word) {
    if (frame && ready) frame.contentWindow.postMessage(word, home);
  }

  function open() {
    if (!launcher) return;
    if (!frame) unfold();
    style(frame, { display: "block" });
    launcher.setAttribute("aria-expanded", "true");
    show(0);
    tell({ huiying: "open" });
  }

  function close() {
    if (!frame) return;
    style(frame, { display: "none" });
    launcher.setAttribute("aria-expanded", "false");
    launcher.focus();
    tell({ huiying: "closed" });
  }

  function identify(jwt) {
    options.jwt = jwt;
    tell({ huiying: "identify", jwt: jwt });
  }

  function init(wished) {
    if (launcher) return;
    options = Object.assign({ account: "demo", lang: "", jwt: "", label: "" }, wished);
    if (document.body) build();
    else document.addEventListener("DOMContentLoaded", build);
  }

  window.addEventListener("message", function (event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home || !event.data) return;
    if (event.data.huiying === "ready") {
      ready = true;
      if (options.jwt) identify(options.jwt);
      tell({ huiying: "open" });
    }
    if (event.data.huiying === "close") close();
    if (event.data.huiying === "unread" && frame.style.display === "none") show(event.data.count);
  });

  window.Huiying = { init: init, open: open, close: close, identify: identify };
  if (script.dataset.account) init({ account: script.dataset.account, lang: script.dataset.lang, label: script.dataset.label });
})();
