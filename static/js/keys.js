// <a data-key="g d"> or <input data-key="/">: the key, or the two keys one after the other, follow the link or
// enter the field. Never while one is writing, and never when the reader has switched keys off on this device.
const PAUSE = 1000; // milliseconds between the two keys
const SWITCHED_OFF = "opinovi-keys-off";
let first = "";
let pressedAt = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (localStorage.getItem(SWITCHED_OFF) || event.target.closest("input, select, textarea")) return;
  const pair = Date.now() - pressedAt < PAUSE ? `${first} ${event.key}` : "";
  const target = find(pair) ?? find(event.key);
  first = event.key;
  pressedAt = Date.now();
  if (!target) return;
  event.preventDefault();
  if (target.matches("a, button")) target.click();
  else target.focus();
});

function find(keys) {
  return keys ? document.querySelector(`[data-key="${CSS.escape(keys)}"]`) : null;
}

// The list of keys shows only where they work; its box switches them.
for (const list of document.querySelectorAll("[data-keys]")) {
  const box = list.querySelector("[data-keys-switch]");
  box.checked = !localStorage.getItem(SWITCHED_OFF);
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(SWITCHED_OFF);
    else localStorage.setItem(SWITCHED_OFF, "yes");
  });
  list.hidden = false;
}
