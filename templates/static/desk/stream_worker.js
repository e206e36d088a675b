// Holds the stream for all tabs of a browser over plain http, where pages may hold no locks.

const AGAIN = 2000;
const ports = new Set();
let source = null;

function tell(kind, data) {
  for (const port of ports) port.postMessage({ kind, data });
}

function open() {
  source = new EventSource("/desk/stream");
  source.addEventListener("changed", (event) => tell("changed", JSON.parse(event.data)));
  source.addEventListener("said", (event) => tell("said", JSON.parse(event.data)));
  source.addEventListener("bye", () => tell("bye", {}));
  source.addEventListener("error", () => {
    tell("lost", {});
    if (source.readyState !== EventSource.CLOSED) return;
    tell("closed", {});
    setTimeout(open, AGAIN);
  });
}

self.addEventListener("connect", (event) => {
  const [port] = event.ports;
  port.addEventListener("message", () => ports.delete(port));
  port.start();
  ports.add(port);
  if (source) port.postMessage({ kind: "late", data: {} });
  else open();
});
