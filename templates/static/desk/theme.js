// Switches between the system's theme, light and dark; the choice is a cookie, so that the next page is born with it.

const THEMES = ["auto", "light", "dark"];

document.getElementById("theme-button").addEventListener("click", (event) => {
  const button = event.currentTarget;
  const next = THEMES[(THEMES.indexOf(button.dataset.theme) + 1) % THEMES.length];
  button.dataset.theme = next;
  document.documentElement.dataset.theme = next;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `desk_theme=${next}; Path=/desk; Max-Age=31536000; SameSite=Lax${secure}`;
});
