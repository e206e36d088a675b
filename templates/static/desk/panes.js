// Narrow screens show one pane at a time; the thread keeps to its newest message unless somebody has scrolled up.

import { shorten } from "./messages.js";

const STILL = 60;
let atEnd = true;

const scroll = () => document.getElementById("scroll");

export function toEnd() {
  const box = scroll();
  if (!box) return;
  box.scrollTop = box.scrollHeight;
  atEnd = true;
  document.getElementById("newest").hidden = true;
}

// Called after messages have come: follow them, or say that they are there.
export function grown(byUs) {
  if (atEnd || byUs) {
    const thread = document.getElementById("thread");
    if (thread) shorten(thread);
    return toEnd();
  }
  const button = document.getElementById("newest");
  if (button) button.hidden = false;
}

document.addEventListener(
  "scroll",
  (event) => {
    const box = event.target;
    if (box.id !== "scroll") return;
    atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < STILL;
    if (atEnd) document.getElementById("newest").hidden = true;
  },
  true,
);

// Pictures that arrive and a composer that grows leave the end of the thread in sight.
document.addEventListener(
  "load",
  (event) => {
    if (atEnd && event.target.closest?.("#thread")) toEnd();
  },
  true,
);

const sizes = new ResizeObserver(() => {
  if (atEnd) toEnd();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#newest")) toEnd();
  const way = event.target.closest("[data-pane]");
  if (!way || way === document.body) return;
  const shown = document.body.dataset.pane;
  document.body.dataset.pane = way.dataset.pane === shown ? "thread" : way.dataset.pane;
  if (way.dataset.pane !== "list") event.preventDefault();
});

// Messages that are put in above leave what is being read where it is.
let height = 0;
document.addEventListener("htmx:before:swap", (event) => {
  height = event.detail.ctx.sourceElement.closest?.("#older") ? scroll().scrollHeight : 0;
});

document.addEventListener("htmx:after:swap", (event) => {
  if (height) {
    scroll().scrollTop += scroll().scrollHeight - height;
    height = 0;
  }
  if (event.detail.ctx.target?.id === "stage" || event.detail.ctx.sourceElement?.matches?.("[data-open]")) {
    document.body.dataset.pane = "thread";
    begin();
  }
});

function begin() {
  sizes.disconnect();
  if (scroll()) sizes.observe(scroll());
  toEnd();
}

begin();

// The page that is shown stands in sight in a rail that is too long for the window.
document.querySelector(".rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
