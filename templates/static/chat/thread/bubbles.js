// Rows of the thread. Every text from outside becomes a text node, never markup.

import { attached, isLabel } from "./attached.js";
import { make } from "../make.js";
import { say, settings } from "../words.js";

const URL_IN_TEXT = /https?:\/\/[^\s<>"'，。；！？、（）《》【】]+/g;
const STAR_PATH = "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8-4.2-4.1 5.8-.8z";
const SVG = "http://www.w3.org/2000/svg";

function drawn(path, viewBox) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(path);
  return svg;
}

function star() {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", STAR_PATH);
  return drawn(path, "0 0 24 24");
}

function mark() {
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", "#mark");
  return drawn(use, "0 0 48 48");
}

// A text with its web addresses made into links.
export function linked(text, className, tag) {
  const bubble = make(tag || "div", className);
  let end = 0;
  for (const found of text.match(URL_IN_TEXT) || []) {
    const at = text.indexOf(found, end);
    bubble.append(text.slice(end, at));
    const link = make("a", "", found);
    link.href = found;
    link.target = "_blank";
    link.rel = "noopener noreferrer nofollow";
    bubble.append(link);
    end = at + found.length;
  }
  bubble.append(text.slice(end));
  return bubble;
}

export function face(sender, name) {
  const element = make("span", "face face-" + sender);
  element.setAttribute("aria-hidden", "true");
  if (sender === "agent") element.textContent = Array.from(name || say("sender.agent"))[0];
  else element.append(mark());
  return element;
}

export function clock(moment) {
  const style = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: settings.zone };
  return new Intl.DateTimeFormat(settings.language, style).format(moment);
}

export function day(moment) {
  const style = { year: "numeric", month: "2-digit", day: "2-digit", timeZone: settings.zone };
  return new Intl.DateTimeFormat("en-CA", style).format(moment);
}

// Today, yesterday, tomorrow, or a date; with ``full`` always the whole date.
export function dayName(moment, full) {
  const now = new Date();
  if (full) return day(moment);
  if (day(moment) === day(new Date(now.getTime() + 86400000))) return say("tomorrow");
  if (day(moment) === day(now)) return say("today");
  if (day(moment) === day(new Date(now.getTime() - 86400000))) return say("yesterday");
  const style = { month: "long", day: "numeric", weekday: "short", timeZone: settings.zone };
  if (day(moment).slice(0, 4) !== day(now).slice(0, 4)) style.year = "numeric";
  return new Intl.DateTimeFormat(settings.language, style).format(moment);
}

export function senderName(sender, agent) {
  return sender === "agent" && agent ? say("sender.agent_named", { agent }) : say("sender." + sender);
}

// A row: an avatar, the sender, the bubble, and what can be tapped below it.
export function row(message, agent, tap) {
  const element = make("article", "row from-" + message.sender);
  const when = make("p", "when");
  const body = make("div", "body");
  const name = senderName(message.sender, agent);
  const moment = new Date(message.sent_at);
  when.hidden = true;
  element.setAttribute("aria-label", name + "，" + clock(moment));
  element.append(when);
  if (message.sender === "bot" || message.sender === "agent") element.append(face(message.sender, agent));
  if (message.sender !== "contact") body.append(make("p", "sender", name));
  if (message.attachment) body.append(attached(message.attachment));
  if (message.text && !(message.attachment && isLabel(message.text))) {
    body.append(message.sender === "contact" ? make("div", "bubble", message.text) : linked(message.text, "bubble"));
  }
  const choices = message.choices || [];
  if (isSurvey(choices)) body.append(stars(choices, tap));
  else if (choices.length) body.append(chips(choices, tap));
  element.append(body);
  return element;
}

function isSurvey(choices) {
  return choices.length === 5 && choices.every((choice) => /^survey:.+:[1-5]$/.test(choice.id));
}

function chips(choices, tap) {
  const group = make("div", "choices");
  for (const choice of choices) {
    const chip = make("button", "chip", choice.label);
    chip.type = "button";
    chip.dataset.label = choice.label;
    chip.setAttribute("aria-pressed", "false");
    chip.addEventListener("click", () => tap(choice));
    group.append(chip);
  }
  return group;
}

function stars(choices, tap) {
  const group = make("div", "stars");
  const line = make("div", "star-row");
  const label = make("p", "star-label", say("stars"));
  const light = (count) => {
    Array.from(line.children).forEach((button, index) => button.classList.toggle("lit", index < count));
    label.textContent = count ? plain(choices[count - 1].label) : say("stars");
  };
  const shown = () => light(Number(group.dataset.given || 0));
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", say("stars"));
  group.addEventListener("given", shown);
  choices.forEach((choice, index) => {
    const button = make("button", "star");
    button.type = "button";
    button.dataset.label = choice.label;
    button.setAttribute("aria-label", say("star", { count: index + 1, label: plain(choice.label) }));
    button.append(star());
    button.addEventListener("mouseenter", () => light(index + 1));
    button.addEventListener("focus", () => light(index + 1));
    button.addEventListener("click", () => tap(choice));
    line.append(button);
  });
  line.addEventListener("mouseleave", shown);
  line.addEventListener("focusout", shown);
  group.append(line, label);
  return group;
}

function plain(label) {
  return label.replace(/^[★☆\s]+/, "");
}

// Shows which of a row's choices the customer's next words picked: by what stands on it, or by its number.
export function showPicked(element, text) {
  const number = text.normalize("NFKC").trim();
  const group = element.querySelector(".stars");
  let given = 0;
  Array.from(element.querySelectorAll(".chip, .star")).forEach((button, index) => {
    const picked = button.dataset.label === text || String(index + 1) === number;
    button.setAttribute("aria-pressed", String(picked));
    if (picked) given = index + 1;
  });
  if (!group || Number(group.dataset.given || 0) === given) return;
  group.dataset.given = String(given);
  group.classList.toggle("given", given > 0);
  group.dispatchEvent(new Event("given"));
}
