// What the widget is drawn with: elements, icons, colours, and a style that no policy of the site refuses.

function make(tag, name, attributes) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  Object.keys(attributes || {}).forEach((key) => element.setAttribute(key, attributes[key]));
  return element;
}

function drawn(name, path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const shape = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 48 48");
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
