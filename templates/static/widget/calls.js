// What a site may call, as Huiying("open") or Huiying.open(), and what it called before we were here.

const TAG = "huiying-widget";
const NAMES = { textColor: "text-color", offsetX: "offset-x", offsetY: "offset-y", zIndex: "z-index" };

// Again on a page that has the widget, it only changes how that looks and whom it speaks for.
function init(options) {
  if (!options || !options.account) return;
  if (options.jwt) calls.identify(options.jwt);
  const element = widget || document.createElement(TAG);
  Object.keys(options).forEach((name) => {
    const attribute = NAMES[name] || name;
    if (ATTRIBUTES.indexOf(attribute) >= 0) element.setAttribute(attribute, String(options[name]));
  });
  const place = () => widget || document.body.appendChild(element);
  if (document.body) place();
  else document.addEventListener("DOMContentLoaded", place);
}

const calls = {
  init: init,
  open: () => (widget ? widget.open() : (wished = true)),
  close: () => (widget ? widget.close() : (wished = false)),
  toggle: () => (widget && widget.opened ? calls.close() : calls.open()),
  identify: (jwt) => {
    proof = jwt;
    if (widget && widget.frame.ready) widget.identify();
  },
  logout: () => {
    proof = null;
    if (widget) widget.logOut();
  },
  setLocale: (tag) => widget && widget.setAttribute("lang", tag),
  on: on,
  off: off,
  destroy: () => {
    wished = false;
    proof = null;
    if (!widget) return;
    stored("sessionStorage", widget.key + ":open", null);
    widget.remove();
  },
};
calls.locale = calls.setLocale;

function Huiying(call) {
  if (!Object.prototype.hasOwnProperty.call(calls, call)) throw new Error("Huiying knows no " + call);
  calls[call].apply(null, Array.prototype.slice.call(arguments, 1));
}

Object.keys(calls).forEach((call) => (Huiying[call] = (...words) => Huiying(call, ...words)));
Huiying.loaded = true;
window.Huiying = Huiying;
if (!customElements.get(TAG)) customElements.define(TAG, Widget);

// Init first, whatever the order.
const asked = Array.prototype.slice.call((earlier && earlier.q) || []).map((words) => Array.prototype.slice.call(words));
asked.filter((words) => words[0] === "init").forEach((words) => Huiying.apply(null, words));
init(script.dataset);
asked.filter((words) => words[0] !== "init").forEach((words) => Huiying.apply(null, words));
