// A short tone for what comes while nobody looks; silent until the visitor wishes for it.

const byId = (id) => document.getElementById(id);
const HERTZ = [660, 880];
const LENGTH = 0.14; // Seconds of each tone.

export class Sound {
  constructor(keep) {
    this.context = null;
    this.on = keep.read("sound") === true;
    const button = byId("sound");
    button.hidden = !this.maker;
    button.setAttribute("aria-pressed", String(this.on));
    button.addEventListener("click", () => {
      this.on = !this.on;
      keep.write("sound", this.on);
      button.setAttribute("aria-pressed", String(this.on));
      if (this.on) this.play(); // A touch lets the browser sound from now on, and the visitor hears what it is like.
    });
  }

  get maker() {
    return window.AudioContext || window.webkitAudioContext;
  }

  play() {
    if (!this.on || !this.maker) return;
    this.context = this.context || new this.maker();
    this.context.resume();
    HERTZ.forEach((hertz, index) => this.tone(hertz, this.context.currentTime + index * LENGTH));
  }

  tone(hertz, at) {
    const source = this.context.createOscillator();
    const loudness = this.context.createGain();
    source.frequency.value = hertz;
    loudness.gain.setValueAtTime(0.12, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + LENGTH);
    source.connect(loudness);
    loudness.connect(this.context.destination);
    source.start(at);
    source.stop(at + LENGTH);
  }
}
