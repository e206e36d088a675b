// What the person has chosen for their desk; a change in one tab counts in all of them at once.

const channel = "BroadcastChannel" in window ? new BroadcastChannel("huiying-desk-preferences") : null;

export const preferences = JSON.parse(document.body.dataset.preferences);

function follow(chosen) {
  Object.assign(preferences, chosen);
  document.body.dataset.sendBy = preferences.send_by;
  document.dispatchEvent(new CustomEvent("desk:preferred"));
}

document.addEventListener("desk:preferences", (event) => {
  const chosen = Object.fromEntries(Object.keys(preferences).map((name) => [name, event.detail[name]]));
  follow(chosen);
  channel?.postMessage(chosen);
});

channel?.addEventListener("message", (event) => follow(event.data));
