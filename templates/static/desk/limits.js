// The leaders' page of limits: one box picks all rows.

document.addEventListener("change", (event) => {
  if (event.target.id !== "limits-all") return;
  for (const box of document.querySelectorAll(".limits [name^='pick.']")) box.checked = event.target.checked;
});
