// Files that go with an answer: chosen, dropped or pasted, sent ahead one by one, shown until the answer goes.

import { say } from "./words.js";

const MB = 1024 * 1024;
const AGAIN = [408, 429, 500, 502, 503, 504]; // Another try may go well.
const PLAYED = ["image", "audio", "video"];
const waiting = new WeakMap();

const form = () => document.getElementById("composer");
const list = () => document.getElementById("enclosures");
const items = () => [...(list()?.children ?? [])];
const writable = () => form()?.dataset.mode === "mine" && form().dataset.as === "reply";

// The ids of what is ready to go, as the form carries them.
export function enclosed() {
  return items()
    .map((item) => item.dataset.file)
    .filter(Boolean)
    .join(",");
}

export function uploading() {
  return items().some((item) => item.dataset.state === "under-way");
}

// Takes out what has gone with an answer.
export function gone(ids) {
  for (const item of items()) if (ids.split(",").includes(item.dataset.file)) item.remove();
  changed();
}

function changed() {
  if (!form()) return;
  document.getElementById("files").value = enclosed();
  document.dispatchEvent(new Event("desk:enclosed"));
}

function take(files) {
  if (!form() || !files.length) return;
  for (const file of files) {
    const item = shown(file);
    const why = writable() ? refusal(file) : say("file_not_now");
    if (why) fail(item, why);
    else upload(file, item);
  }
  changed();
}

// What can be told without asking; the server looks at the bytes.
function refusal(file) {
  const most = JSON.parse(form().dataset.most);
  const kind = file.type.split("/")[0];
  const sizes = Object.entries(most);
  if (!sizes.length) return say("file_channel");
  const mostFiles = Number(form().dataset.mostFiles);
  if (items().filter((item) => item.dataset.state !== "failed").length > mostFiles) return say("file_many", { most: mostFiles });
  if (PLAYED.includes(kind) && !sizes.some(([type]) => type.startsWith(`${kind}/`))) return say("file_type");
  const limit = most[file.type] ?? Math.max(...sizes.map(([, size]) => size));
  return file.size > limit ? say("file_large", { most: Math.floor(limit / MB) }) : "";
}

function shown(file) {
  const item = document.createElement("li");
  item.className = "enclosure";
  const name = document.createElement("span");
  name.className = "enclosure-name";
  name.textContent = file.name;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "enclosure-drop";
  drop.textContent = "×";
  drop.setAttribute("aria-label", say("file_drop", { name: file.name }));
  item.append(name, drop);
  list().append(item);
  return item;
}

function upload(file, item) {
  const request = new XMLHttpRequest();
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", say("file_progress", { name: file.name }));
  item.dataset.state = "under-way";
  item.querySelector(".enclosure-name").after(bar);
  waiting.set(item, request);
  request.open("POST", `${form().dataset.upload}?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("X-CSRF-Token", document.body.dataset.csrf);
  request.setRequestHeader("HX-Request", "true");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
  });
  request.addEventListener("load", () => {
    bar.remove();
    if (request.status === 201) return settle(item, request.responseText);
    const told = request.responseText && !request.responseText.includes("<");
    fail(item, told ? request.responseText : say("file_failed"), AGAIN.includes(request.status) ? file : null);
  });
  request.addEventListener("error", () => {
    bar.remove();
    fail(item, say("file_failed"), file);
  });
  request.send(file);
}

function settle(item, text) {
  if (!item.isConnected) return;
  item.outerHTML = text;
  changed();
}

function fail(item, why, again) {
  item.dataset.state = "failed";
  const reason = document.createElement("span");
  reason.className = "enclosure-why";
  reason.setAttribute("role", "alert");
  reason.textContent = why;
  item.querySelector(".enclosure-name").after(reason);
  if (!again) return changed();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "enclosure-again";
  button.textContent = say("file_again");
  button.addEventListener("click", () => {
    reason.remove();
    button.remove();
    upload(again, item);
    changed();
  });
  reason.after(button);
  changed();
}

function drop(item) {
  const place = item.querySelector("[data-drop]")?.dataset.drop;
  waiting.get(item)?.abort();
  item.remove();
  changed();
  document.getElementById("text")?.focus();
  if (place) fetch(place, { method: "POST", headers: { "X-CSRF-Token": document.body.dataset.csrf, "HX-Request": "true" } });
}

// Chosen, pasted, dropped ----------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  if (event.target.closest("#enclose")) document.getElementById("enclose-files").click();
  const button = event.target.closest(".enclosure-drop");
  if (button) drop(button.closest("li"));
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "enclose-files") return;
  take([...event.target.files]);
  event.target.value = "";
});

document.addEventListener("paste", (event) => {
  if (event.target.id !== "text" || !event.clipboardData?.files.length) return;
  event.preventDefault();
  take([...event.clipboardData.files]);
});

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = writable() ? "copy" : "none";
  if (writable()) form().dataset.over = "yes";
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget && form()) delete form().dataset.over;
});

document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  if (form()) delete form().dataset.over;
  take([...event.dataTransfer.files]);
});
