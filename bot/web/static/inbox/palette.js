// Ctrl K: every command and every conversation, found by typing.

import { h, kbd } from "./dom.js";
import { customerName } from "./customers.js";
import { named, t } from "./words.js";

const MOST = 12;

// `commands`: [{label, keys, run}]; `rows`: conversations; `choose(id)` opens one.
export function openPalette({ commands, rows, choose }) {
  let active = 0;
  let shown = [];
  const title = t("team.palette.title");
  const input = h("input", {
    type: "text",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    "aria-autocomplete": "list",
    "aria-label": title,
    placeholder: title,
    autocomplete: "off",
    spellcheck: "false",
  });
  const list = h("div", { id: "palette-list", role: "listbox", "aria-label": title });
  const dialog = h("dialog", { class: "palette", "aria-label": title }, input, list);

  const entries = [
    ...commands.map((command) => ({ ...command, group: "commands" })),
    ...rows.map((row) => ({
      label: customerName(row),
      more: [row.topic ? named("topic", row.topic) : "", row.words].filter(Boolean).join(" · "),
      run: () => choose(row.id),
      group: "conversations",
    })),
  ];

  const run = (entry) => {
    dialog.close();
    entry?.run();
  };

  function draw() {
    const asked = input.value.toLocaleLowerCase().trim().split(/\s+/);
    const text = (entry) => `${entry.label} ${entry.more ?? ""}`.toLocaleLowerCase();
    shown = entries.filter((entry) => asked.every((word) => text(entry).includes(word))).slice(0, MOST * 2);
    active = Math.min(active, Math.max(0, shown.length - 1));
    const parts = [];
    shown.forEach((entry, index) => {
      if (index === 0 || shown[index - 1].group !== entry.group) {
        parts.push(h("div", { class: "dk-group", role: "presentation" }, t(`team.palette.${entry.group}`)));
      }
      parts.push(
        h(
          "div",
          {
            role: "option",
            id: `palette-${index}`,
            "aria-selected": String(index === active),
            onclick: () => run(entry),
          },
          h("span", { class: "cut" }, h("b", {}, entry.label), entry.more ? h("span", { class: "mute" }, ` ${entry.more}`) : null),
          entry.keys ? kbd(entry.keys) : null,
        ),
      );
    });
    if (shown.length === 0) parts.push(h("p", { class: "none" }, t("team.palette.none")));
    list.replaceChildren(...parts);
    input.setAttribute("aria-activedescendant", shown.length ? `palette-${active}` : "");
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("input", () => {
    active = 0;
    draw();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      active = (active + step + shown.length) % Math.max(1, shown.length);
      draw();
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      run(shown[active]);
    }
  });
  showDialog(dialog);
  draw();
  input.focus();
}

// A modal that closes by Escape or a press beside it, and leaves nothing behind.
export function showDialog(dialog) {
  const before = document.activeElement;
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected && document.activeElement === document.body) before.focus();
  });
  document.getElementById("app").append(dialog);
  dialog.showModal();
  return dialog;
}
