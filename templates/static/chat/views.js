// Which view is in sight where there is room for one: the home or the conversation. On a wide page both are.

import { embedded } from "./frame.js";

const root = document.documentElement;
const wide = window.matchMedia("(min-width: 64rem)");

export class Views {
  // changed(view) is called after each change.
  constructor(changed) {
    this.changed = changed;
    // A telephone's own way back leads from the conversation to the home. A frame must not touch its site's history.
    if (!embedded) window.addEventListener("popstate", (event) => this.turn((event.state && event.state.view) || "home"));
  }

  get now() {
    return root.dataset.view;
  }

  get both() {
    return wide.matches && !embedded;
  }

  show(view) {
    if (view === this.now) return;
    if (!embedded && view === "chat") history.pushState({ view }, "");
    if (!embedded && view === "home" && history.state && history.state.view === "chat") history.back();
    else this.turn(view);
  }

  // At the start: nothing to go back to.
  begin(view) {
    if (!embedded && view === "chat") history.replaceState({ view: "home" }, "");
    this.show(view);
  }

  turn(view) {
    root.dataset.view = view;
    this.changed(view);
  }
}
