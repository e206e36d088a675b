// A file of a message: a picture is shown, anything else is a link to take it.

import { make } from "../make.js";
import { say } from "../words.js";

const PICTURES = /^image\/(png|jpeg|gif|webp)$/;
const LABEL = /^\[[^\]]{1,16}\]$/;

export function sizeOf(bytes) {
  if (bytes < 1024 * 1024) return Math.max(1, Math.round(bytes / 1024)) + " KB";
  return (bytes / 1024 / 1024).toFixed(1) + " MB";
}

// Whether a text only says what kind of file goes with it, such as [图片].
export function isLabel(text) {
  return LABEL.test(text);
}

// The address is read on our own origin, whatever host the server wrote into it.
function here(address) {
  const url = new URL(address, location.href);
  return url.protocol === "blob:" ? address : url.pathname + url.search;
}

export function attached(file) {
  const link = make("a", "file");
  link.href = here(file.url);
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  if (PICTURES.test(file.type)) {
    const picture = make("img", "picture");
    picture.alt = say("attach.image", { name: file.name });
    picture.loading = "lazy";
    picture.addEventListener("error", () => {
      picture.remove();
      link.classList.remove("file-picture");
      link.append(make("span", "", file.name + " · " + say("attach.gone")));
    });
    picture.src = here(file.url);
    link.classList.add("file-picture");
    link.append(picture);
    return link;
  }
  link.setAttribute("aria-label", say("attach.file", { name: file.name, size: sizeOf(file.size) }));
  link.append(make("span", "file-name", file.name), make("span", "file-size", sizeOf(file.size)));
  return link;
}
