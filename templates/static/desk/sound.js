// Short tones for what happens, each kind with its own. Browsers allow them once the page has been clicked or typed in;
// of several tabs that may sound, one does.

import { serverTime } from "./badges.js";
import { preferences } from "./preferences.js";

// By kind: the pitches in Hz, one after the other.
const TONES = {
  offer: [740, 920, 740],
  assigned: [520, 700],
  message: [660],
  deadline: [880, 620, 880],
  other: [460, 460],
};
const APART = 0.16;
const LASTS = 0.14;
const LOUDEST = 0.2;
let audio = null;
let chosenTab = !navigator.locks;

function minutes(clock) {
  const [hours, rest] = clock.split(":").map(Number);
  return hours * 60 + rest;
}

// Whether it is the person's quiet hours, which may go past midnight.
export function quiet() {
  if (!preferences.quiet) return false;
  const now = new Date(serverTime());
  const at = now.getHours() * 60 + now.getMinutes();
  const from = minutes(preferences.quiet_from);
  const until = minutes(preferences.quiet_until);
  return from <= until ? from <= at && at < until : at >= from || at < until;
}

// Whether this page may sound at all.
export function unlocked() {
  return audio?.state === "running";
}

export function play(kind) {
  if (!unlocked() || !preferences.volume) return;
  TONES[kind].forEach((pitch, place) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = audio.currentTime + place * APART;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime((LOUDEST * preferences.volume) / 100, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + LASTS);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + LASTS + 0.01);
  });
}

// What has happened sounds, where the person wants to hear it.
export function ring(kind) {
  if (chosenTab && preferences.sounds.includes(kind) && !quiet()) play(kind);
}

// The tab that may sound first does until it is closed; then the next one does.
async function unlock() {
  if (navigator.userActivation?.hasBeenActive === false) return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") await audio.resume();
  if (!unlocked()) return;
  for (const kind of ["pointerdown", "keydown"]) document.removeEventListener(kind, unlock);
  document.dispatchEvent(new CustomEvent("desk:audible"));
  navigator.locks?.request("huiying-desk-sound", () => {
    chosenTab = true;
    return new Promise(() => {});
  });
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, unlock);
