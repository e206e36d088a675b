// The words that scripts say, in the agent's language, with their {name} fields filled in.

const words = JSON.parse(document.body.dataset.words);

export function say(key, fields = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
}

// Tells readers of the screen something that others see.
export function speak(text) {
  document.getElementById("spoken").textContent = text;
}

// The text of a part that came from the server and is not on the page, without what is hidden in it.
export function textIn(part) {
  const copy = part?.cloneNode(true);
  for (const hidden of copy?.querySelectorAll("[hidden]") ?? []) hidden.remove();
  return (copy?.textContent ?? "").replace(/\s+/g, " ").trim();
}
