// The page's settings and words, as the server wrote them into the page.

export const settings = JSON.parse(document.getElementById("settings").textContent);

export function say(key, fields) {
  let text = settings.words["chat." + key] || key;
  for (const name of Object.keys(fields || {})) text = text.split("{" + name + "}").join(fields[name]);
  return text;
}
