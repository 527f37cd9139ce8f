// A small menu under a button: arrows, Home, End, Escape and a click elsewhere do what one expects.

import { h } from "./dom.js";

/** `items` is [{label, lang?, checked?, icon?, act}]; returns the element with its button inside. */
export function menu(button, items) {
  const list = h("div", { class: "nd-menu", role: "menu", "aria-label": button.getAttribute("aria-label") });
  const box = h("div", { class: "nd-menubox" }, button, list);
  list.hidden = true;
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");

  const entries = items.map(({ label, lang = null, checked = null, icon = null, act }) =>
    h(
      "button",
      {
        type: "button",
        role: checked === null ? "menuitem" : "menuitemradio",
        "aria-checked": checked === null ? null : String(checked),
        tabindex: "-1",
        lang,
        onclick: () => {
          toggle(false);
          act();
        },
      },
      icon,
      label,
    ),
  );
  list.append(...entries);

  const away = (event) => event.composedPath().includes(box) || toggle(false, false);
  function toggle(open, focus = true) {
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    const root = box.getRootNode();
    document[open ? "addEventListener" : "removeEventListener"]("pointerdown", away, true);
    if (open) (entries.find((one) => one.getAttribute("aria-checked") === "true") ?? entries[0]).focus();
    else if (focus && list.contains(root.activeElement)) button.focus();
  }
  button.addEventListener("click", () => toggle(list.hidden));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && list.hidden) {
      event.preventDefault();
      toggle(true);
    }
  });
  list.addEventListener("keydown", (event) => {
    const at = entries.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      toggle(false);
    } else if (event.key === "Tab") {
      toggle(false, false);
    } else if (to !== undefined) {
      event.preventDefault();
      entries[(to + entries.length) % entries.length].focus();
    }
  });
  return box;
}
