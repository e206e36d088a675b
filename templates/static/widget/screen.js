// A telephone's screen, which the panel takes whole: what is behind it stays put, and the keyboard does not cover it.

class Screen {
  // panel: what takes the screen; shown() says whether it does now.
  constructor(panel, shown) {
    this.panel = panel;
    this.shown = shown;
    this.before = null; // The site's own overflow while ours holds.
    this.fits = () => this.fit();
  }

  get small() {
    return window.innerWidth < 520 || window.innerHeight < 480;
  }

  watch() {
    const seen = window.visualViewport;
    window.addEventListener("resize", this.fits);
    if (seen) ["resize", "scroll"].forEach((name) => seen.addEventListener(name, this.fits));
  }

  leave() {
    const seen = window.visualViewport;
    window.removeEventListener("resize", this.fits);
    if (seen) ["resize", "scroll"].forEach((name) => seen.removeEventListener(name, this.fits));
    this.lock(false);
  }

  fit() {
    const seen = window.visualViewport;
    const whole = this.shown() && this.small;
    const shrunk = whole && seen && seen.scale === 1;
    this.lock(whole);
    this.panel.setAttribute("aria-modal", String(whole));
    this.panel.style.height = shrunk ? seen.height + "px" : "";
    this.panel.style.transform = shrunk && seen.offsetTop ? "translateY(" + seen.offsetTop + "px)" : "";
  }

  lock(on) {
    const style = document.documentElement.style;
    if (on === (this.before !== null)) return;
    if (on) {
      this.before = [style.getPropertyValue("overflow"), style.getPropertyPriority("overflow")];
      style.setProperty("overflow", "hidden");
    } else {
      style.setProperty("overflow", this.before[0], this.before[1]);
      this.before = null;
    }
  }
}
