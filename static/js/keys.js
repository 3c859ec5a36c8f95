// <a data-key="g d"> or <input data-key="/">: the key, or the two keys one after the other,
// follow the link or enter the field. Never while one is writing.
const PAUSE = 1000; // milliseconds between the two keys
let first = "";
let pressedAt = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
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
