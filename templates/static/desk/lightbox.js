// Pictures of the thread, seen large: arrows go from one to the next, Escape goes back to where it was opened.

import { say } from "./words.js";

const box = document.getElementById("lightbox");
let opener = null;
let shown = "";

const pictures = () => [...document.querySelectorAll("#stage .file-image")];

function show(link) {
  shown = link.getAttribute("href");
  const all = pictures();
  const at = all.findIndex((one) => one.getAttribute("href") === shown);
  const image = box.querySelector("img") ?? box.querySelector("figure").insertAdjacentElement("afterbegin", document.createElement("img"));
  const name = link.querySelector("img").alt;
  image.src = shown;
  image.alt = name;
  box.querySelector("figcaption").textContent = all.length > 1 ? say("picture_of", { name, at: at + 1, all: all.length }) : name;
  box.querySelector("[data-step='-1']").disabled = at <= 0;
  box.querySelector("[data-step='1']").disabled = at >= all.length - 1;
  const save = box.querySelector("[download]");
  save.href = shown;
  save.download = name;
}

function step(by) {
  const all = pictures();
  const next = all[all.findIndex((one) => one.getAttribute("href") === shown) + by];
  if (next) show(next);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".file-image");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  opener = link;
  show(link);
  box.showModal();
  box.querySelector(".lightbox-close").focus();
});

box.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) step(Number(button.dataset.step));
  else if (event.target.closest(".lightbox-close") || event.target === box || event.target.tagName === "FIGURE") box.close();
});

box.addEventListener("keydown", (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by) return;
  event.preventDefault();
  step(by);
});

box.addEventListener("close", () => {
  box.querySelector("img")?.remove();
  if (opener?.isConnected) opener.focus();
  opener = null;
});
