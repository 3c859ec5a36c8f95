// <button data-copy="id" data-copied="Copied" hidden>: copy what stands in the field with that id, and say so.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // the button stays hidden, and one copies by hand
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.after(said);
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    said.textContent = button.dataset.copied;
  });
}
