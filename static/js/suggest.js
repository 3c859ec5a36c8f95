// <input data-suggest="/en/suggestions/" data-suggest-one="# way" data-suggest-many="# ways">: ways to go on, as an ARIA combobox.
const PAUSE = 150; // milliseconds without a key before the portal is asked

for (const [number, input] of document.querySelectorAll("input[data-suggest]").entries()) {
  const list = Object.assign(document.createElement("ul"), { id: `suggestions-${number}`, className: "suggestions", hidden: true });
  const told = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
  told.setAttribute("role", "status");
  const says = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries({ ...says, autocomplete: "off" })) input.setAttribute(name, value);
  input.after(list, told);
  let timer, asked;
  function close() {
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function choose(option) {
    input.value = option.textContent;
    close();
    input.form.requestSubmit();
  }
  function show(words) {
    close();
    list.append(...words.map((word, place) => {
      const option = Object.assign(document.createElement("li"), { id: `${list.id}-${place}`, textContent: word });
      option.setAttribute("role", "option");
      option.addEventListener("mousedown", (event) => (event.preventDefault(), choose(option)));
      return option;
    }));
    list.hidden = !words.length;
    input.setAttribute("aria-expanded", String(words.length > 0));
    told.textContent = words.length ? input.dataset[words.length > 1 ? "suggestMany" : "suggestOne"].replace("#", words.length) : "";
  }
  function move(step) {
    const options = [...list.children];
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    options[now]?.removeAttribute("aria-selected");
    const next = options[(now + step + options.length + (now < 0 && step < 0 ? 1 : 0)) % options.length];
    next.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", next.id);
  }
  async function ask() {
    asked = input.value;
    const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(asked)}`).catch(() => null);
    if (answer?.ok && asked === input.value && document.activeElement === input) show((await answer.json())[1]);
  }
  input.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(ask, PAUSE))));
  input.addEventListener("keydown", (event) => {
    const chosen = list.querySelector('[aria-selected="true"]');
    if (event.key === "Escape" && !list.hidden) event.preventDefault(), close();
    else if (event.key === "Enter" && chosen) event.preventDefault(), choose(chosen);
    else if (event.key === "ArrowDown" && list.hidden && input.value) event.preventDefault(), ask();
    else if (["ArrowDown", "ArrowUp"].includes(event.key) && !list.hidden) event.preventDefault(), move(event.key === "ArrowDown" ? 1 : -1);
  });
  input.addEventListener("blur", close);
}
