// <form data-submit-once>: a second press of the button, while the first is on its way, does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("submitOnce" in form.dataset) || event.defaultPrevented) return;
  if (form.dataset.submitOnce === "sent") event.preventDefault();
  else form.dataset.submitOnce = "sent";
});

// A page brought back by the browser's back button may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('[data-submit-once="sent"]')) form.dataset.submitOnce = "";
});
