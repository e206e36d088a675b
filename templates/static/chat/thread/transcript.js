// The conversation as a text file of the visitor's own, or in the clipboard where a browser saves no files.

import { clock, dayName, senderName } from "./bubbles.js";
import { say, settings } from "../words.js";

const PAGES = 40; // Pages of history at the most: some thousands of messages.

async function everything(wire) {
  let all = [];
  for (let page = 0; page < PAGES; page += 1) {
    const found = await wire.history(all.length ? all[0].seq : 0, 200);
    all = found.concat(all);
    if (!found.length || found[0].seq <= 1) break;
  }
  return all;
}

function written(messages, names) {
  const lines = messages.map((message) => {
    const moment = new Date(message.sent_at);
    const file = message.attachment ? " [" + message.attachment.name + "]" : "";
    return "[" + dayName(moment, true) + " " + clock(moment) + "] " + senderName(message.sender, names.of(message.seq)) + "\n" + message.text + file + "\n";
  });
  return document.title + "\n\n" + lines.join("\n");
}

function save(text) {
  const link = document.createElement("a");
  const url = URL.createObjectURL(new Blob(["\ufeff" + text], { type: "text/plain;charset=utf-8" }));
  link.href = url;
  link.download = say("transcript.name") + ".txt";
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
  return undefined;
}

// Returns what to tell the visitor.
export async function takeHome(wire, names) {
  if (!wire.session) return say("transcript.empty");
  try {
    const messages = await everything(wire);
    if (!messages.length) return say("transcript.empty");
    if (/MicroMessenger/i.test(navigator.userAgent)) {
      await copy(written(messages, names));
      return say("transcript.copied");
    }
    save(written(messages, names));
    return say("transcript.saved");
  } catch (away) {
    return say("transcript.away");
  }
}
