// Puts the chat on any site:
//   <script async src="https://OUR-HOST/widget.js" data-account="NAME"></script>
//   Huiying("open"), Huiying("identify", jwt), Huiying("on", "unread", function (event) { … })
// docs/widget.md tells the rest. Only syntax of ES2019, no library; the chat itself runs in a frame of our origin.

const script = document.currentScript || document.querySelector('script[src*="/widget.js"]');
const home = new URL(script.src).origin;
const earlier = window.Huiying;
// Loaded a second time, as sites of one page do with each of theirs: the first goes on, and its element is put back.
if (earlier && earlier.loaded) return earlier("init", script.dataset);
