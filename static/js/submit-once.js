// <form data-submit-once>: a second press of the button, while the first is on its way, does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("submitOnce" in form.dataset)) return;
  if (form.dataset.submitOnce === "sent") event.preventDefault();
  else setTimeout(() => remember(form, event)); // when the others, such as confirm.js, have had their say
});

function remember(form, event) {
  if (!event.defaultPrevented) form.dataset.submitOnce = "sent";
}

// A page brought back by the browser's back button may be sent again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('[data-submit-once="sent"]')) form.dataset.submitOnce = "";
});
