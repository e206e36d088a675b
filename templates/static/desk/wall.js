// The live wall: to a screen of its own and back, without leaving what it shows.

function grow(link, big) {
  const wall = document.querySelector(".wall");
  wall.classList.toggle("wall-big", big);
  link.querySelector("span").textContent = big ? link.dataset.small : link.dataset.big;
  link.href = big ? "/desk/wall" : "/desk/wall?big=1";
  history.replaceState(history.state, "", big ? "/desk/wall?big=1" : "/desk/wall");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#wall-big");
  if (!link) return;
  event.preventDefault();
  const big = !document.querySelector(".wall-big");
  grow(link, big);
  if (big) document.documentElement.requestFullscreen?.().catch(() => {});
  else if (document.fullscreenElement) document.exitFullscreen();
});

document.addEventListener("fullscreenchange", () => {
  const link = document.getElementById("wall-big");
  if (link && !document.fullscreenElement && document.querySelector(".wall-big")) grow(link, false);
});
