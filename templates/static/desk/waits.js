// The person's conversations and how much in each of them waits for an answer: the count in title and icon, and what
// sounds and is shown when it grows. Every tab of the desk knows it, whatever page it shows.

import { ring } from "./sound.js";
import { notify } from "./system.js";
import { say, textIn } from "./words.js";

const TITLE = document.title;
const icon = document.querySelector("link[rel=icon]");
const mark = new Image();
let waits = JSON.parse(document.body.dataset.waits);

// What a notice says of a conversation where the person wants its content.
async function told(conversation) {
  const response = await fetch("/desk/lists?tab=mine", { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html");
  const card = page.querySelector(`#card-${conversation}`);
  const text = (part) => textIn(card?.querySelector(part));
  return { title: text("strong"), body: text(".card-line") };
}

function draw() {
  const count = Object.values(waits).filter(Boolean).length;
  document.title = count ? say("title", { count }) + TITLE : TITLE;
  if (icon.dataset.count === String(count)) return;
  icon.dataset.count = count;
  icon.type = count ? "image/png" : "image/svg+xml";
  icon.href = count ? badged(count) : mark.src;
}

// The icon with the count on it.
function badged(count) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  pen.drawImage(mark, 0, 0, 64, 64);
  pen.fillStyle = "#ad1f18";
  pen.beginPath();
  pen.arc(44, 20, 20, 0, 7);
  pen.fill();
  pen.fillStyle = "#fff";
  pen.font = "bold 28px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(count > 9 ? "9+" : String(count), 44, 22);
  return canvas.toDataURL("image/png");
}

// The server's word on them: {conversation: messages that wait}; what has grown is news.
export function waitsChanged(now) {
  const grown = Object.keys(now).filter((one) => one in waits && now[one] > waits[one]);
  waits = now;
  draw();
  if (grown.length) ring("message");
  for (const one of grown) {
    notify({ about: one, title: say("notice_message"), href: `/desk/c/${one}`, told: () => told(one) });
  }
}

mark.addEventListener("load", draw);
mark.src = icon.href;
